"""Screens of intake: register a letter, confirm its receipt, open papers, erase a person."""
