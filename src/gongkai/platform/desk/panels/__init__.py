"""Panels of the case page: each gives the context of its fragment ``desk/case/_<name>.html``."""
