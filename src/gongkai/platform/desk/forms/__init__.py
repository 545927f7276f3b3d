"""Forms of the desk: they check the shape of what is typed, never the law."""
