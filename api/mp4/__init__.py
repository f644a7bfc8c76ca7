"""Fragmented MP4 by its boxes: read, cut at frames, write again without decoding."""
