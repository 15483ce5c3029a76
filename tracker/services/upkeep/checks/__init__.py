"""What a verification looks at, each part by itself: every one yields faults, and none writes."""
