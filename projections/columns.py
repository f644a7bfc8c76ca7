"""What the columns of our tables can hold. The engine wraps what they cannot, without a word. Pure."""

LAST_MS = 10_413_791_999_999
"""2299-12-31T23:59:59.999Z, the last moment of DateTime64."""
