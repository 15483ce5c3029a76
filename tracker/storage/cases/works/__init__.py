"""The works of cases: what is to be done, and what the last scored verification found."""
