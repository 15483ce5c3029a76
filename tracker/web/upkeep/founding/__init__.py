"""The pages on which an own district is set up, and the list of what it still lacks."""
