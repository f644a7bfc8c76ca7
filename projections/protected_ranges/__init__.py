"""Ranges that must survive, why, and the locks that people asked for."""
