"""Simulates the funding window of a Cleaner Production Centre."""
