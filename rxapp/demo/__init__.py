"""A believable company to try things on: people, channels and weeks of conversation, the same for the same seed."""
