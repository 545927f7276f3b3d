"""Bringing in the past: from the cells of an office's spreadsheet to acts that the rules have judged."""
