"""Rows of the files in which registers of sites come in."""
