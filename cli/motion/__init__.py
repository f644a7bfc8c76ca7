"""Motion for a person who wants to see it: footage tried, looks drawn, verdicts explained."""
