"""What secretaries see: completion by unit, topic and role. Reads only."""
