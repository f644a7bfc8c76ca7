"""Protection: episodes, locks and exports as counted holds, and the ranges of footage that they keep."""
