"""Quarantine replay: records set aside are read again as they were received, under the settings of today."""

from pipelines.replay.mending import Mending, read_corrected
from pipelines.replay.replaying import Replayed, replay_quarantine

__all__ = ["Mending", "Replayed", "read_corrected", "replay_quarantine"]
