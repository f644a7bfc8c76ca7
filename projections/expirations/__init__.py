"""What retention decided to delete, what was taken back of it, and what is ordered to go."""
