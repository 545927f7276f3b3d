"""Running the platform: setting up, serving, the worker, what is due, health, backup and restore."""
