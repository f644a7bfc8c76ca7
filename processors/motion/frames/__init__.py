"""Footage to pictures: key frames by their byte ranges, groups of pictures in full, both small and grey."""
