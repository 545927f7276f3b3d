"""Disclosure on application: letters, cases, the acts on them, drafts and letters out; remedies too."""
