"""The entry: every record of the public topic ``episodes`` in one order, its pictures in the object store."""
