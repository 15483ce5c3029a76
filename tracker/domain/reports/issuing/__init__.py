"""The papers that an office sends: composed, edited, signed."""
