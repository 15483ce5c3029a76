"""Who counts the figures of the registry: a reader for each owner, over the counters that reports use."""
