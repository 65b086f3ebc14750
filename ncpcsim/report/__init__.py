"""Pictures of a batch."""
