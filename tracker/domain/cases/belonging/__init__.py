"""Whose a case is: candidates and their answers, the steps that lead to a confirmation, and how a place is written."""
