"""What is lacking: evidence, beliefs about levels, gaps, plans."""
