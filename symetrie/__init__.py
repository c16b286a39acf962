"""The method: what is measured and how sure one can be; pure functions, no clock, no settings."""
