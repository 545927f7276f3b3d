"""Figures counted from the ledger, explained down to the acts; the one app that knows the report form."""
