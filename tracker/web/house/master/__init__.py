"""Master data on pages: lists, forms, sheets and histories, all drawn from the descriptions."""
