"""Generations of projections: which exist, which is live, how far each has read, and how one replaces another."""
