"""Questions about footage that goes: what goes next, taking it back, and why a moment is kept or gone."""
