"""Episodes that other programs make: over HTTP, or fetched from analytics nodes."""
