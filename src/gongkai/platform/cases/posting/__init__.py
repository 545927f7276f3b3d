"""From the signature to the arrival: seal, numbers, exchange, post, labels, returned mail."""
