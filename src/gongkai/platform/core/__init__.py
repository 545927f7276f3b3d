"""Bodies, people, seats, permissions, keys, private records, files, audit: what every app above stands on."""
