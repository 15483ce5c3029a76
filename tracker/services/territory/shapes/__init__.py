"""Shapes of the map in versions, and whose a place at the railway is by them."""
