"""What both engines share: a plan as tables, randomness, the order of events, what is counted."""

MODEL = 6
"""Version of the model: it changes with a mechanism, and what was learned by another is refused."""
