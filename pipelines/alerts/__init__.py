"""Raise alerts: look at a business date, remember what it shows, and tell those who can correct it."""
