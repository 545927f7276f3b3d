"""Writing: one legal act, one service. Screen, import, demonstration and API call the same functions."""
