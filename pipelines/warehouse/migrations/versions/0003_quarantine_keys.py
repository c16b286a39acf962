"""Records without an identifier are known by their page and content, no longer by their page and line."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give the records that are set aside the keys under which their pages, read again, bring them."""
    op.execute(
        """
        UPDATE ops.quarantine AS record
        SET record_key = named.page || left(named.content, 8)
            || CASE WHEN named.place > 1 THEN '-' || named.place ELSE '' END
        FROM (
            SELECT source, record_key, left(record_key, 13) AS page, md5(payload) AS content,
                row_number() OVER (
                    PARTITION BY source, left(record_key, 13), left(md5(payload), 8)
                    ORDER BY length(record_key), record_key
                ) AS place
            FROM ops.quarantine
            WHERE record_key NOT LIKE '%#%'
        ) AS named
        WHERE record.source = named.source AND record.record_key = named.record_key
        """
    )
