"""Setting up an own district: who may, what is made, what is still missing."""
