"""How fast the platform is with many cases."""
