"""The schema comes forward by itself, and is what the metadata says."""

import re
from contextlib import closing
from datetime import UTC, datetime
from hashlib import md5

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipelines.errors import SymetrieError
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.base import VERSION_TABLE
from pipelines.warehouse.migrate import MIGRATIONS, current_revision, head_revision, migrate
from pipelines.warehouse.tables import METADATA, SCHEMAS, quarantine


def test_first_use_creates_every_table_at_the_newest_revision(warehouse: Warehouse) -> None:
    """A new warehouse needs no command."""
    assert current_revision(warehouse) == head_revision()
    with warehouse.reading() as connection:
        found = {(s, t) for s in SCHEMAS for t in sa.inspect(connection).get_table_names(schema=s)}
    assert {(table.schema, table.name) for table in METADATA.sorted_tables} <= found


def test_opening_again_does_nothing(warehouse: Warehouse) -> None:
    """A migrated warehouse is left alone."""
    assert migrate(warehouse) is False


def test_migrations_end_at_the_metadata(postgresql_url: str, home) -> None:
    """What the migrations build and what the code believes are the same schema."""
    with closing(open_warehouse(postgresql_url, home)) as warehouse, warehouse.reading() as connection:
        options = {
            "include_schemas": True,
            "include_name": lambda name, kind, parents: kind != "schema" or name in SCHEMAS,
            "include_object": lambda item, name, kind, reflected, other: (
                not (kind == "index" or (kind == "table" and name == VERSION_TABLE.name))
            ),
            "compare_type": True,
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_records_known_by_their_line_get_the_keys_that_their_page_brings(
    warehouse_url: str, warehouse: Warehouse, home
) -> None:
    """A page and a hash of what was received, with a number for the second of equals; others keep theirs."""
    page, named = "430d620638f1", "a1#5d41402a"
    payloads = {f"{page}:9": "equal", f"{page}:10": "equal", f"{page}:11": "other", named: "equal"}
    texts = dict.fromkeys(("reasons", "expectations", "message", "run_id"), "")
    seen = dict.fromkeys(("first_seen_at", "last_seen_at"), datetime(2026, 11, 20, tzinfo=UTC))
    with warehouse.publishing() as connection:
        for key, payload in payloads.items():
            row = {"source": "survey", "record_key": key, "payload": payload}
            connection.execute(sa.insert(quarantine).values(row | texts | seen))
        _take_back_what_came_later(connection)
        connection.execute(sa.update(VERSION_TABLE).values(version_num="0002"))
    warehouse.close()
    with closing(open_warehouse(warehouse_url, home)) as migrated, migrated.reading() as connection:
        found = dict(connection.execute(sa.select(quarantine.c.record_key, quarantine.c.payload)).all())
    equal, other = (f"{page}:{md5(payload).hexdigest()[:8]}" for payload in (b"equal", b"other"))
    assert found == {equal: "equal", f"{equal}-2": "equal", other: "other", named: "equal"}


def _take_back_what_came_later(connection: sa.Connection) -> None:
    """What the revisions after 0003 have added, which they will add again."""
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    earlier = "".join(file.read_text(encoding="utf-8") for file in files if file.name < "0004")
    for table in METADATA.sorted_tables:
        if not re.search(rf'"{table.schema}",\s+"{table.name}"', earlier):
            connection.execute(sa.text(f"DROP TABLE {table.fullname}"))
    connection.execute(sa.text("ALTER TABLE mart.score DROP COLUMN precision_count"))


def test_every_column_is_described_in_the_warehouse_itself(warehouse: Warehouse) -> None:
    """BI tools show what a column means."""
    with warehouse.reading() as connection:
        inspector = sa.inspect(connection)
        for table in METADATA.sorted_tables:
            columns = inspector.get_columns(table.name, schema=table.schema)
            assert [c["name"] for c in columns if not c["comment"]] == [], table.fullname


def test_a_newer_schema_than_the_code_is_refused(warehouse_url: str, warehouse: Warehouse, home) -> None:
    """Old code never writes into a schema it does not know."""
    with warehouse.publishing() as connection:
        connection.execute(sa.update(VERSION_TABLE).values(version_num="9999"))
    with pytest.raises(SymetrieError, match="newer than this code"):
        open_warehouse(warehouse_url, home)


def test_a_schema_that_is_migrated_during_a_run_stops_its_next_publication(
    warehouse_url: str, warehouse: Warehouse, home
) -> None:
    """Whatever the newer code has made of the tables, older code writes nothing into them."""
    with closing(open_warehouse(warehouse_url, home)) as newer, newer.publishing() as connection:
        connection.execute(sa.update(VERSION_TABLE).values(version_num="9999"))
    with pytest.raises(SymetrieError, match="to 9999 during this run; nothing was published"), warehouse.publishing():
        pytest.fail("it was let in")


def test_on_postgresql_everybody_reads_mart_and_nobody_reads_core(postgresql_url: str, home) -> None:
    """`mart` is public; `core` and `ops` are the pipeline's own."""
    open_warehouse(postgresql_url, home).close()
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE ROLE shop_reader")
        connection.execute("SET ROLE shop_reader")
        assert connection.execute("SELECT count(*) FROM mart.score").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM core.client_response")


@pytest.mark.parametrize("url", ["sqlite:///x.db", "not a url", "duckdb:///:memory:"])
def test_an_engine_that_cannot_serve_is_refused_in_one_line(url: str, home) -> None:
    """A wrong URL says which URLs are right."""
    with pytest.raises(SymetrieError, match="duckdb"):
        open_warehouse(url, home)
