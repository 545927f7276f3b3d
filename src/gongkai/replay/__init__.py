"""From a published annual report to a lived year of acts that counts back to it. See ``docs/explanation/replay.md``."""
