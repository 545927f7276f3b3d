"""Administration: bodies, people and seats, the audit trail."""
