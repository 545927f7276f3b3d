"""A case put into words for its page: clocks, weeks, timeline, acts. Nothing here is decided or stored."""
