"""Backup and restore: one file with the database, the sealed files and a manifest that proves them."""
