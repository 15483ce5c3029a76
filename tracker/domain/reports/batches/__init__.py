"""Room 80 报告: what an office hands in and makes public of a batch."""
