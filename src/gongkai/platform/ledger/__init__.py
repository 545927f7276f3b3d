"""The append-only ledger in the database; it knows nothing of cases."""
