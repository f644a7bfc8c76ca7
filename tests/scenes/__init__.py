"""Footage of places with ground truth: what moves when is known to the frame, because it was drawn.

``plan`` says what a scene is, ``catalogue`` holds named ones, ``film`` draws pictures and ``coding`` makes the file and
its truth. ``python -m tests.scenes FOLDER`` makes the catalogue's.
"""
