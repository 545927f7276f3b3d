"""Pages of inner tasks, of the units that they are given to, and of what an outcome needs."""
