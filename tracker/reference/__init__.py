"""Reference data the product ships: the working calendar and the divisions of Nanchang, as tables."""
