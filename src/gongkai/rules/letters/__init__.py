"""What the law says of letters: which remedy paragraph a reply carries."""
