"""Questions about mail of cameras: what came, whether it still comes, and telling somebody when it does not."""
