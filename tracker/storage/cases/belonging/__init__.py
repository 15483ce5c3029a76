"""Rows beside a case that say where it lies and whose it may be."""
