"""What stands on a morning list beside the cases."""
