"""The one-box stack: a real broker, database and object server as supervised child processes."""
