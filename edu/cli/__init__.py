"""Commands: thin, with a dry run and an honest exit code."""
