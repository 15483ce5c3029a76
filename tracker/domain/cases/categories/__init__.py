"""Problem types: what a type is called, from when until when it may be chosen, and what is asked of its cases besides."""
