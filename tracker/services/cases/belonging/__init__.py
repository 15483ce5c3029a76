"""Deeds by which it is settled whose a case is."""
