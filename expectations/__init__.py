"""What is acceptable: one Great Expectations suite per dataset, each expectation with its severity and reason code."""

import os

# Great Expectations reads this when it is imported, and would report each use to its makers.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
