"""Alerts: what a business date shows, and the life of what it shows (method, section 12)."""
