"""Questions about motion: what was seen of a camera, what a region of the past saw, and runs that look again."""
