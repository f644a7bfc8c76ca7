"""Retention: which footage goes, why, and when (rules 5)."""
