"""The interface's language, by gettext: our texts are Chinese, click's are translated into Chinese.

Source strings are Chinese and marked ``_()``; the catalogue ``zh_CN`` of domain ``gongkai`` holds only
the messages of click. The language does not follow the system's: servers are commonly set to none,
and the interface is Chinese there too. ``GONGKAI_LANGUAGE`` chooses another one once it is translated.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "gongkai"
LOCALE = Path(__file__).parent / "locale"
_DEFAULT = "zh_CN"


def activate() -> None:
    """Make ``gettext`` speak the interface's language in this process; the entry point calls it once.

    click asks the current domain through ``gettext.gettext``, and gettext takes the language from the
    variable ``LANGUAGE`` before all others, so this is the one door that leads to click's own messages.
    """
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = os.environ.get("GONGKAI_LANGUAGE") or _DEFAULT


def _(message: str) -> str:
    """The message in the interface's language; as it stands where there is no translation."""
    return gettext.dgettext(DOMAIN, message)
