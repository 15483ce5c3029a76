"""Floor 0, the law: pure rules on frozen facts.

Nothing here knows Flask, SQLAlchemy, files or the real clock. Read `case_flow` first: it is the workflow, as one table.
"""
