"""Seal and post: what waits for the seal and for the post, registers, labels, exchange."""
