"""What to do about an act that the rules refuse in a row of the past."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml
from django.utils.translation import gettext as _


@cache
def _mends() -> dict[str, str]:
    file = resources.files("gongkai.platform.cases.past") / "mends.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def mend_of(code: str, heading: str) -> str:
    """The mend for a code of refusal, for the column of that heading."""
    told = _mends().get(code, _("核对“{heading}”和这一行的其他日期，按实际写"))
    return told.format(heading=heading)
