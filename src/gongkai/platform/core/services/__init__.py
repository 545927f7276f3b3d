"""Writes on people and bodies."""
