"""Room 80 报告: the monthly circular."""
