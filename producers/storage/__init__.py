"""The level of the store and the time, as facts (rule 5.11)."""
