"""What is noted on the spot."""
