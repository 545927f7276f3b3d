"""Writes of the desk itself; acts on cases are services of ``cases``."""
