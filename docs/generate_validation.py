"""Writes docs/validation.md from the suites in expectations/; `--check` only says whether the page is up to date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from expectations.client_batch import client_batch
from expectations.client_feedback import client_feedback
from expectations.contact_rating import contact_rating
from expectations.describe import page_table, suite_table
from expectations.employee_pulse import employee_pulse
from expectations.invitation_count import invitation_count
from generated_page import keep
from pipelines.redaction import KINDS
from pipelines.settings import CHANNELS, Thresholds
from pipelines.validation.checks import FEWEST_ABSENT, FEWEST_ROWS, FEWEST_USUAL_DAYS, USUAL_DAYS, batch_limits
from pipelines.validation.quarantine import LONGEST_PAYLOAD_BYTES
from pipelines.validation.verdicts import row_limits
from symetrie.measures import CLIENT_MEASURES
from symetrie.questions import EMPLOYEE_QUESTIONS

PAGE = Path(__file__).with_name("validation.md")

TEXT = """\
# Validation: what is acceptable

Written by `make docs` from the suites in `expectations/`: change it there.

Great Expectations judges every row of a batch in one call, whatever the number of days, then the batch as a whole.
It is shown lengths, readings, marks and instants, never the clients' words.
Numbers that come from the settings (`thresholds`) stand here with their defaults.
An expectation that raises instead of judging fails the run: nothing is published on its word.

## Pages

What can be seen before there are rows.

{pages}
## Answers: suite `client_feedback`

*Critical*: the row goes to `ops.quarantine` with its reason codes, what was expected, what was found, and the record
as it was received (up to {payload_kib} KiB; the landed page keeps the whole). *Warning*: the row is loaded, flagged.
Only the questions that the questionnaire asks are judged, and verbatims only where the source has a field for them.
A verbatim that is too long is loaded up to its limit; the landed page keeps the whole.
Dates that are not the day of the answer may be absent; where they stand, they are judged.

{rows}
Dates are read as ISO 8601 with `T` or a space, with a zone (`Z`, `UTC`, `+02`, `+0200`, `+02:00`) or without, with
fractions of a second; as `dd/mm/yyyy [hh:mm[:ss]]`; as seconds (10 digits) or milliseconds (13) since 1970; and, before
all these, in the source's own `date_formats`. A time without a zone is local: of the source's `timezone`, else of the
unit's. The business date is the unit's local day.

## The batch: suite `client_batch`

*Critical*: the whole batch is held until a person releases or discards it. *Warning*: it is published, and the
warning stands in the ledger.
A usual day is the median of the last {usual_days} days with answers, known from {fewest_days} days on.
The share of refused rows counts the rows of readable pages, from {fewest_rows} rows on: a page without a required
column is set aside whole and holds nothing back.
The answers that a pull would withdraw by their absence (`absent_is_withdrawn`) are counted pull by pull, from
{fewest_absent} on: fewer are somebody tidying up, and soon a large share of what a small shop has in its window.

{batch}
## Employees' answers: suite `employee_pulse`

Judged on what has landed, which is never the person. A row that is set aside keeps its campaign, unit, day and the
line of the file; neither marks nor words.

{employees}
## Contacts: suite `contact_rating`

{contacts}
## Invitations: suite `invitation_count`

A number that is set aside keeps the record as it was received, as a client's answer does.

{invitations}
## Personal data in verbatims

Replaced in every answer before it leaves validation: {kinds}. What is found, how well, and what is not stands in
[privacy.md](privacy.md). The landing and the payloads in quarantine keep what was received.
"""


def page() -> str:
    """The whole page."""
    thresholds = Thresholds()
    rows = client_feedback(
        measures=CLIENT_MEASURES, channels=CHANNELS, now=datetime.now(UTC), limits=row_limits(thresholds)
    )
    return TEXT.format(
        pages=page_table(),
        rows=suite_table(rows),
        batch=suite_table(client_batch(batch_limits(thresholds))),
        payload_kib=LONGEST_PAYLOAD_BYTES // 1024,
        usual_days=USUAL_DAYS,
        fewest_days=FEWEST_USUAL_DAYS,
        fewest_rows=FEWEST_ROWS,
        fewest_absent=FEWEST_ABSENT,
        employees=suite_table(employee_pulse(EMPLOYEE_QUESTIONS)),
        contacts=suite_table(contact_rating()),
        invitations=suite_table(invitation_count(channels=CHANNELS, now=datetime.now(UTC))),
        kinds=", ".join(f"`[{kind}]`" for kind in KINDS),
    )


if __name__ == "__main__":
    keep(PAGE, page())
