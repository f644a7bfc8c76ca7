"""The lifecycle of episodes: saves become accepted versions and refusals (rules 1.1-1.11)."""
