"""What stands between the sign-in and a page."""
