"""What was ever stored, by hour, and what protects it: the history behind reports and what-if."""
