"""How busy a shop is: by weekday, by season, and the days on which it is closed."""

from datetime import date

import numpy as np

# Against a usual day, closed Sundays counted in.
WEEKDAYS = np.array([0.85, 0.93, 1.12, 1.00, 1.22, 1.72, 0.93])

# A household shop over the year: January sales, quiet August, Christmas.
MONTHS = (1.10, 0.86, 0.95, 0.98, 0.97, 1.02, 1.05, 0.80, 1.00, 0.98, 1.08, 1.36)

# The public holidays on which French shops really close: 1 January, 1 May, 25 December.
CLOSED_HOLIDAYS = ((1, 1), (5, 1), (12, 25))

# Clients are a little harder to please when the shop is full (in standard deviations of mood).
SATURDAY_MOOD = -0.08
DECEMBER_MOOD = -0.06


def busyness(day: date) -> float:
    """Give the volume of a day against a usual one, months blending into one another."""
    position = (day.month - 1) + (day.day - 15) / 30
    before = int(np.floor(position))
    share = position - before
    return float((1 - share) * MONTHS[before % 12] + share * MONTHS[(before + 1) % 12]) * float(WEEKDAYS[day.weekday()])


def mood(day: date) -> float:
    """Give how much better or worse than usual clients feel on that day, in standard deviations."""
    return SATURDAY_MOOD * (day.weekday() == 5) + DECEMBER_MOOD * (day.month == 12)
