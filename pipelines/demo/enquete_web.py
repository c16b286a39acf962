"""The survey of the site and the app: nested JSON documents, one a line, in UTC, with the time of the last change."""

from pipelines.demo.rows import BLANK
from pipelines.demo.spelling import is_spoiled, response_id
from pipelines.demo.texts import WITH_VERBATIM

ENCODING, NEWLINE = "utf-8", "\n"

DIMENSIONS = ("listening", "facilitation", "harmony", "trust", "values", "environment")
NO_DATE = "2026-13-45T25:61:00Z"

_VERBATIM = "verbatim || coalesce(' ' || emoji::VARCHAR, '')"


def _mark(key: str) -> str:
    return f"nullif({key}, {BLANK})"


def _zoned(instant: str) -> str:
    return f"strftime({instant}, '%Y-%m-%dT%H:%M:%SZ')"


LINES = f"""{WITH_VERBATIM}, documents AS (
    SELECT drop_at, row_at, spoil, to_json({{
        'id': CASE WHEN NOT {is_spoiled("missing_id")} THEN md5({response_id("EW")})::UUID::VARCHAR END,
        'submitted_at': CASE WHEN {is_spoiled("unreadable_date")} THEN '{NO_DATE}' ELSE {_zoned("submitted_utc")} END,
        'updated_at': {_zoned("coalesce(updated, submitted_utc)")},
        'respondent': {{
            'store': {{'id': unit_code::VARCHAR}},
            'language': CASE WHEN is_english THEN 'en' ELSE 'fr' END,
            'can_contact': can_contact}},
        'visit': {{'date': strftime(visited, '%Y-%m-%d'), 'channel': channel::VARCHAR}},
        'answers': {{
            'overall': {_mark("overall")},
            'nps': {_mark("nps")},
            'dimensions': {{{", ".join(f"'{key}': {_mark(key)}" for key in DIMENSIONS)}}}}},
        'comments': {{
            'liked': CASE WHEN overall >= 4 THEN {_VERBATIM} END,
            'improve': CASE WHEN overall < 4 THEN {_VERBATIM} END}}
    }})::VARCHAR AS document
    FROM texts
)
SELECT drop_at, row_at, CASE WHEN {is_spoiled("broken_line")} THEN left(document, 60) ELSE document END AS line
FROM documents"""
