"""Room 00 公用: what draws a page."""
