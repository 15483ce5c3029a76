"""Pages of the railway's shapes: the line as it is drawn, versions of its shapes, and the sketch of a place."""
