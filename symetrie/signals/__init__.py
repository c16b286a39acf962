"""Signals: has a measure of a unit really moved? Sequential, day by day, on counts (method, section 12).

A unit is compared with its siblings on the same day, in the same channel and version of the questionnaire, so that
weekdays, seasons, a harsher questionnaire or a bad day of the whole network move nobody; a network is compared with
its own past. What is left over is added up by sequential tests, whose surprise is told as a rate of false alarms.
"""
