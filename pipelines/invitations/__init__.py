"""Invitations: how many clients each unit asked on a day and in a channel, so that participation can be known."""
