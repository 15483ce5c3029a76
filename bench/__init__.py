"""Times, measured here and nowhere else: the product beside a bare Flask view of the same rows and bytes, in one run."""
