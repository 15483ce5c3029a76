"""Help in the product: the guides, and a hint at the first use of each page."""
