"""Double evaluation: what agents note of their contacts, without the agent, beside what the clients answered."""
