"""Shapes of the map that decide whose a place is: the railway's lines, sections, fences, and who owns what; how far a point lies
from them, and which side it is on."""
