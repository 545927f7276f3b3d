"""Boards (看板): figures for whoever runs an office, each with its definition and with the list behind it.

Nothing is stored: a board is worked out from list rows, tasks, the ledger and reviews when it is asked for.
What a number counts and what its list shows come from the same condition.
"""
