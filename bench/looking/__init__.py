"""Detectors of motion over the same clips, and what their findings are worth; ``bench/motion.py`` tells it."""
