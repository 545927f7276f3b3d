"""The screens of officers: they call services and show what selectors return."""
