"""What the published texts say, as data."""
