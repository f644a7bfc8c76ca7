"""SQL of callers: understood by the engine's own parser, held to an allow-list, run as a user who may only read."""
