"""Questions about dead letters, and giving their records another chance."""
