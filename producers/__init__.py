"""World → facts. Pure parse and rules, thin listeners."""
