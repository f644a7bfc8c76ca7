"""Where footage is, and where it is known to be missing."""
