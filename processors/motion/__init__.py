"""Motion: what moved in recorded footage, as verdicts on segments and as episodes."""
