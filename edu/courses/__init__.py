"""Topics, layers, roles and what they require; modules and their versions; search."""
