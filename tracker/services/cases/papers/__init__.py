"""Room 60 案件: the papers that an office sends about a case."""
