"""What a person writes about a centre: its fields, the files that state them, their errors."""
