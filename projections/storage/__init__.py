"""How full stores were, minute by minute, and when one had no room left to make."""
