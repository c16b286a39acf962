"""Erasure: one answer leaves every room of the house for good, and a proof without it remains."""
