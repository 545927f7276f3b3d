"""Pages of the duty: absences and deputies, holidays, moved dates, orders of superior bodies, hand-overs."""
