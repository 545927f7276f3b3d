"""The office's duty: hand-overs, the days before a holiday, dates that moved, orders of superior bodies."""
