"""From a published annual report to a lived year of acts, lawful at every step, that counts back to it.

How it is done and what is invented: ``docs/explanation/replay.md``.
"""

from gongkai.replay.area import added_up, replay_area, share_out
from gongkai.replay.back import rules_for, unlike
from gongkai.replay.errors import CannotReplay, NotLawful
from gongkai.replay.replaying import BODY_STREAM, Replay, replay
from gongkai.replay.target import Difference, Filled, Target, target_of

__all__ = [
    "BODY_STREAM",
    "CannotReplay",
    "Difference",
    "Filled",
    "NotLawful",
    "Replay",
    "Target",
    "added_up",
    "replay",
    "replay_area",
    "rules_for",
    "share_out",
    "target_of",
    "unlike",
]
