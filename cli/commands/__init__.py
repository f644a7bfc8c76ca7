"""One file per command of ``sightlog``."""
