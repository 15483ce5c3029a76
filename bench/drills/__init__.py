"""Trouble made on purpose, outside the tests: each drill starts the product itself, is over in minutes, prints figures."""
