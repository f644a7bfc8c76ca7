"""Facts → stores. A folder is one table or more: ``table.sql`` (shape), ``rows.py`` (pure), ``reads.py`` (answers)."""
