"""What every package stands on and what knows nothing of learning."""
