"""One's own account: log-in and log-out, password, second factor, seat."""
