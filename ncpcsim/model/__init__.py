"""What both engines share: a plan as tables, randomness, the order of events, what is counted."""
