"""Who may open and who may erase a reporter, and for how long."""
