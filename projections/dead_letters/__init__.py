"""Records that a consumer could not use, with the reason."""
