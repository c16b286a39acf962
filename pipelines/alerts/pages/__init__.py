"""The page of an alert, which messages and morning pages lead to: what it stands on, its weeks, and its life so far."""

from pipelines.alerts.pages.writing import write_alert_pages

__all__ = ["write_alert_pages"]
