"""``sightlog retention``: reports and other policies as people read them."""
