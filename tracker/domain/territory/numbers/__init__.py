"""How a source writes its numbers: the grammar that an office types, and the words for its parts."""
