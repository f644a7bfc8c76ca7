"""Runs that look at the past again: what was asked for, and what became of it."""
