"""Pages of replies in the making, letters and templates."""
