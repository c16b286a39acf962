"""The pulse of the teams: employees' answers without the person, and what of them is published."""
