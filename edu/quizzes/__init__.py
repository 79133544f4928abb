"""The question bank, attempts and grading."""
