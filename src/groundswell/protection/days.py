"""The days of the clocks: by when a request is answered, when somebody is forgotten or reduced."""

import datetime as dt

from groundswell.people.rules import months_before
from groundswell.protection.rules import MONTHS_TO_ANSWER


def answer_by(asked_on: dt.date) -> dt.date:
    """Return the day by which a request is answered: a month later (GDPR art. 12(3))."""
    return months_before(asked_on, -MONTHS_TO_ANSWER)


def forget_on(heard_on: dt.date, months: int) -> dt.date:
    """Return the day on which a contact is erased who was last heard of on that day."""
    return months_before(heard_on, -months)


def reduce_on(left_on: dt.date, years: int) -> dt.date:
    """Return the day on which a former member is reduced to her name."""
    return months_before(left_on, -12 * years)
