"""What upkeep keeps outside the database."""
