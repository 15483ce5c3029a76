"""Floor 2, the deeds: one function per verb, and the only place that commits."""
