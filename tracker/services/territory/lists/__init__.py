"""The responsibility list in versions: drafting, its lines, what a draft would change, putting it in force, papers, figures."""
