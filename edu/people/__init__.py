"""Units, members, their roles and duties, and signing in."""
