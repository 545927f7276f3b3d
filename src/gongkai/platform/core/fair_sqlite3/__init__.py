"""SQLite as Django has it, but for how writers wait for one another (``base``)."""
