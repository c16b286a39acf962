"""The teams of the demo and their pulse: who works where, what they answer in each campaign, and its truth."""
