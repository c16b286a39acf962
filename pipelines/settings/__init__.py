"""The settings: one YAML file, checked entirely before anything runs."""

from pipelines.settings.errors import SettingsError
from pipelines.settings.file import settings_json_schema
from pipelines.settings.files_source import FilesSource
from pipelines.settings.limits import Retention, Thresholds
from pipelines.settings.loading import load_settings
from pipelines.settings.network import Ancestor, Network, OpeningDay, Unit
from pipelines.settings.recipients import Recipient
from pipelines.settings.redaction import Redaction
from pipelines.settings.rest_source import RestSource
from pipelines.settings.settings import Settings
from pipelines.settings.sources import CHANNELS, Fields, Source

__all__ = [
    "CHANNELS",
    "Ancestor",
    "Fields",
    "FilesSource",
    "Network",
    "OpeningDay",
    "Recipient",
    "Redaction",
    "RestSource",
    "Retention",
    "Settings",
    "SettingsError",
    "Source",
    "Thresholds",
    "Unit",
    "load_settings",
    "settings_json_schema",
]
