"""Runs that look at the past again, beside the live verdicts: how they begin, go on, end and come to count."""
