"""Running the product: backups that make themselves, runs asked for by hand, what is thrown away, how fast it fills."""
