"""What is protected, and locks: as answers need it."""
