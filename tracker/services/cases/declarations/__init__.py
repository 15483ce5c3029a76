"""What the cases declare to the house: who is told of their facts by mail, and what the clock does with them."""
