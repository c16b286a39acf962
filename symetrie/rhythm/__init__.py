"""The rhythm of answers: what a unit or a source usually receives, and when it receives implausibly little or much."""
