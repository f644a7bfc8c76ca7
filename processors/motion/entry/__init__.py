"""The entry of footage: which segments are looked at, on what baseline, by which process; and what is told of them."""
