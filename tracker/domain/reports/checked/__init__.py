"""What a week counts of the cases of which it is not confirmed whose they are."""
