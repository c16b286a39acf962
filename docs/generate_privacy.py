"""Writes the first part of docs/privacy.md from what is measured; `--check` only says whether it is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from generated_page import keep
from pipelines.redaction import KINDS, redacted
from pipelines.redaction.measuring import Labelled, Measured, labelled, measured
from pipelines.redaction.words import words
from symetrie.intervals import wilson

PAGE = Path(__file__).with_name("privacy.md")
LABELLED = Path(__file__).parents[1] / "tests/pipelines/redaction/labelled"
PARTS = {"tuning": "Tuning", "held_out": "Held out"}
NEXT_PART = "## Retention and erasure"

TEXT = """\
# Privacy

## Personal data in clients' words

This part is written by `make docs`: change it in `docs/generate_privacy.py`.

Clients write about themselves and about the people who served them, although nobody asked.
In every answer this is replaced by its kind before it leaves validation, so that no answer, summary or page holds it:
{kinds}.
The marks are codes and no words, since one text stands in a French and in an English page.

| What | Is redacted |
|---|---|
| verbatims | by pattern, always; names as `redaction` in [settings.md](settings.md) says |
| `touchpoint`, `contact_reason` | by pattern |
| `source_url` | e-mail addresses in it; the rest leads back to the answer |
| what a quarantine message quotes of a refused field | by pattern and by list; a unit's code by pattern only |
| payloads in quarantine, landed pages | no: they are what was received, for engineers, for some days (below) |
| `response_id`, `unit_id` | no: they identify; let no source use an e-mail address as its identifier |
| logs and metrics | they hold counts and names of events, no words and no identifiers of persons |

All of it runs in the data engine, on columns; a model of names, where one is asked for, once per distinct verbatim.
How many answers held something of each kind stands in the ledger (`redactions` in the detail of `ops.run`), an answer
once
per kind; what stood there is stored nowhere. A client who writes `[phone]` himself is counted as well.

### What is found

- **Numbers and addresses of the net** (`pipelines/redaction/numbers.py`): e-mail addresses, also written out;
  telephones,
  French and international; IBAN; cards; French social-security numbers (NIR), with and without spaces and key,
  Corsica and
  overseas; URLs. RE2 knows no checksum: where a shape cannot decide, it hides. 13 to 19 digits are a card, 10 or 11
  that
  begin with 0 a telephone; other numbers stay.
- **Postal addresses** (`addresses.py`): a number and a street, a street and a postcode, « j'habite rue … », lieu-dit,
  BP,
  British streets with a number, British postcodes. A street alone stays: that is where a shop stands. So does a town.
- **Names by list** (`names.py`, {first_names:,} first names): what follows a civility, a role or « je m'appelle »; who
  signs at the end; first names and the surname beside them. Names of staff count as much as those of clients.
  Ambiguous ones (« Rose », « Pierre », « Marine ») count only beside what speaks of a person; brands and places named
  after people stay. A surname alone, without civility, is not found.
- **Names by a model** (`names: model`): any spaCy pipeline through Presidio reads what the list has left, where a
  verbatim holds a capital letter. Install the extra `names` and the pipeline of your language.

### How well

{count:,} short verbatims of retail, bank, health and telecom, written and labelled for this project
(`tests/pipelines/redaction/labelled`): {french:,} French, {english:,} English; many hold what only looks personal.
*Tuning* was looked at while the patterns and lists were made. *Held out* was written after them and measured once, and
nothing was changed on its account: it says what to expect, as far as texts by one author can.
Recall: pieces hidden to their last letter. Precision: marks that hide something of their kind. 95 % intervals by
Wilson.

{table}
The model, measured by hand on the French held-out part: `fr_core_news_md` 3.8 alone hides 37 of 58 names, 37 of its 45
marks are right; after the list 56 of 58, with 57 of 74 marks right; 2.8 ms of processor per verbatim
([why both](adr/0008-names-by-list-first.md)).

Real feedback of ten London surgeries, which is no part of the project: 5,743 texts, 605 marks of names, read one by
one.
Most replace the placeholder of a name that was removed before; about twenty are other words, mostly of texts in
capitals.

What the list misses: rare first names with nothing beside them, surnames alone, ambiguous names where nothing speaks of
a person, nicknames. What it takes in vain: products and places called like a person.
"""


def main() -> None:
    """Write the part again, and leave the next as it is."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(NEXT_PART)
    keep(PAGE, f"{page()}\n{NEXT_PART}{rest}")


def page() -> str:
    """The first part of the page."""
    texts = {part: _texts(part) for part in PARTS}
    first_names = ("first_names", "first_names_with_capital", "first_names_ambiguous")
    return TEXT.format(
        kinds=", ".join(f"`[{kind}]`" for kind in KINDS),
        first_names=sum(len(words(name)) for name in first_names),
        count=sum(map(len, texts.values())),
        french=_line_count("french"),
        english=_line_count("english"),
        table=_table({part: measured(found, _redacted(found)) for part, found in texts.items()}),
    )


def _table(parts: dict[str, list[Measured]]) -> str:
    lines = ["| Kind | Part | Recall | | Precision | |", "|---|---|---|---|---|---|"]
    for place, kind in enumerate(KINDS):
        for part, found in parts.items():
            each = found[place]
            recall, precision = _share(each.hidden_count, each.piece_count), _share(each.right_count, each.mark_count)
            lines.append(f"| {kind} | {PARTS[part]} | {recall} | {precision} |")
    return "\n".join(lines) + "\n"


def _share(count: int, of: int) -> str:
    low, high = (float(bound) for bound in wilson(count, of))
    return f"{count} of {of} | {count / of:.0%} ({low:.0%} to {high:.0%})"


def _redacted(texts: Sequence[Labelled]) -> list[str]:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE verbatim (place INTEGER, text VARCHAR)")
    connection.executemany("INSERT INTO verbatim VALUES (?, ?)", [[at, each.text] for at, each in enumerate(texts)])
    return [text for (text,) in connection.sql(f"SELECT {redacted('text')} FROM verbatim ORDER BY place").fetchall()]


def _texts(part: str) -> list[Labelled]:
    return [labelled(line) for path in sorted(LABELLED.glob(f"*_{part}.txt")) for line in _lines(path)]


def _line_count(language: str) -> int:
    return sum(len(_lines(path)) for path in LABELLED.glob(f"{language}_*.txt"))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
