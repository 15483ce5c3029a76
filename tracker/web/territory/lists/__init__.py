"""The pages of the responsibility list."""
