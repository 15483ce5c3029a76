"""Reference data the product ships, as tables: the working calendar, the divisions of the country and their changes."""
