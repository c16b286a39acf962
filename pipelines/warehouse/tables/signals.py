"""`ops`: what the watch over measures remembers from one business date to the next."""

import sqlalchemy as sa

from pipelines.warehouse.tables.base import METADATA, key, required

signal_state = sa.Table(
    "signal_state",
    METADATA,
    key("business_date", sa.Date, "Day after which this is what is remembered."),
    key("partition_id", sa.Text, "Partition whose units are watched together; empty for those of none."),
    required("memory", sa.LargeBinary, "All streams, as `symetrie.signals.packing` writes them."),
    schema="ops",
    comment="Where every measure of every unit stands: a late answer rewinds to the day before the first it touches.",
)
