"""Questions: HTTP in, an answer read from a table out. Recomputes no rule; writes only facts."""
