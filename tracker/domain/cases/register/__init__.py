"""Room 60 案件: what serves the list of cases."""
