"""What can be counted: one registry of figures, and what those of cases and of their attribution are."""
