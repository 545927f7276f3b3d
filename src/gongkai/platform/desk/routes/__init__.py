"""Routes by topic; names are all in the namespace ``desk``."""
