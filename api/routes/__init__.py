"""One file per noun; each offers ``router``."""
