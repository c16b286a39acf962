"""The settings: one YAML file, checked entirely before anything runs."""

from pipelines.settings.errors import SettingsError
from pipelines.settings.file import settings_json_schema
from pipelines.settings.limits import Retention, Thresholds
from pipelines.settings.loading import load_settings
from pipelines.settings.network import Ancestor, Network, OpeningDay, Unit
from pipelines.settings.recipients import Recipient
from pipelines.settings.settings import Settings
from pipelines.settings.sources import CHANNELS, Fields, FilesSource

__all__ = [
    "CHANNELS",
    "Ancestor",
    "Fields",
    "FilesSource",
    "Network",
    "OpeningDay",
    "Recipient",
    "Retention",
    "Settings",
    "SettingsError",
    "Thresholds",
    "Unit",
    "load_settings",
    "settings_json_schema",
]
