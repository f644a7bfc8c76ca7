"""The rules of retention: arrays of footage and ranges in, what may go and in which order out. Pure."""
