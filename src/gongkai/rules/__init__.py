"""The law as data and pure functions: calendar, clocks, the case, the ledger file, the count.

Nothing here reads the clock of the machine, and nothing knows of a web framework or a database.
"""
