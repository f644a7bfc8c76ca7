"""The language: every fact, topic, id and span. Pure; imports nothing of ours and no IO library."""
