"""What another policy would have kept: the rules of retention over hours of a history instead of its segments."""
