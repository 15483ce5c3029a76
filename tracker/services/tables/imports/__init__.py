"""Imports made on the page: from the file to its end, in steps that may lie hours apart."""
