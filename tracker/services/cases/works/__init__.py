"""The works of a case: set, judged and counted."""
