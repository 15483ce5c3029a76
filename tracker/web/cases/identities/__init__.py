"""The pages of reporters: asking, deciding, opening."""
