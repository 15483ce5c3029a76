"""Master data: what rooms declare, one row written, whole sheets, and what happened to a row."""
