"""The entry: episodes, locks, settings and deletions as facts about holds, and the time."""
