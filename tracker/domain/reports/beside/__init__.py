"""What reports tell of the acts beside the cases."""
