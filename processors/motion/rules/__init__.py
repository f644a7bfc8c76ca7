"""Motion as decisions: from what was seen to spans, and what deserves another look. Pure."""
