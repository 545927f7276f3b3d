"""What a check of the platform's health says."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.i18n import _
from gongkai.platform.core.keys import KeysMissing


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its public ``name``, whether it is well, what was found, how to mend it."""

    name: str
    label: str
    ok: bool
    found: str
    mend: str = ""


def keys_check(error: KeysMissing) -> Check:
    """The one thing to say where the platform does not even start."""
    mend = _("把密钥文件放回原处，权限设为 0600；确实是第一次安装，运行 gongkai setup --new。")
    return Check("keys", _("密钥"), False, str(error), mend)
