"""What a clerk fills in for each act, and what the act would do before it is done."""
