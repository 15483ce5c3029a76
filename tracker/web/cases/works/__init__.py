"""The works of a case on its pages."""
