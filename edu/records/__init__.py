"""What members did and where they stand: completions, study hours, rungs held, tallies."""
