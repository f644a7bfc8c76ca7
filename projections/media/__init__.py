"""Which cameras exist and how each is recorded and kept."""
