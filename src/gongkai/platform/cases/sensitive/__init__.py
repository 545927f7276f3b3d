"""Sensitive cases: who reads one, how many approve its reply. Written by ``services.sensitive``."""
