"""From the command line into the platform: Django is loaded here alone, and its faults are told."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from gongkai.commands.base import Problem
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.platform.environment import Environment


def environment() -> Environment:
    """The environment variables; a ``Problem`` names the one that cannot be used."""
    require_installed()
    from gongkai.platform.environment import BadEnvironment, read_environment

    try:
        return read_environment()
    except BadEnvironment as error:
        raise Problem(str(error)) from error


def require_installed() -> None:
    """A ``Problem`` where the extra ``platform`` is not installed."""
    if find_spec("django") is None:
        raise Problem(_("没有安装平台所需的部分，请安装 gongkai[platform]。"))


@contextmanager
def platform() -> Generator[Environment]:
    """Django with the platform's settings; faults of environment, keys and database become ``Problem``."""
    found = environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.platform.settings"
    import django
    from django.db import DatabaseError

    from gongkai.platform.core.keys import KeysMissing

    try:
        django.setup()
        yield found
    except KeysMissing as error:
        raise Problem(str(error)) from error
    except DatabaseError as error:
        raise Problem(database_problem(error)) from error


@contextmanager
def in_use(found: Environment) -> Generator[None]:
    """Hold the home while something is written: a restore would put aside what was written meanwhile.

    A ``Problem`` where a restore, or something else that must be alone, is going on or was broken off.
    """
    from gongkai.platform.operations.locking import InUse, using
    from gongkai.platform.operations.swapping import UNFINISHED

    if not found.home.is_dir():
        raise Problem(_("没有数据目录 {home}，请先运行 gongkai setup。").format(home=found.home))
    try:
        with using(found.home):
            if (found.home / UNFINISHED).exists():
                raise Problem(_("上次恢复没有完成；请重新运行 gongkai restore，它会接着做完。"))
            yield
    except InUse as error:
        text = _("数据目录 {home} 正在恢复备份或重建，请等它完成。")
        raise Problem(text.format(home=found.home)) from error


def database_problem(error: Exception) -> str:
    """What is wrong with the database, in a sentence; what was entered does not appear in it."""
    text = str(error)
    if "no such table" in text or ("relation" in text and "does not exist" in text):
        return _("数据库还没有建好，请先运行 gongkai setup。")
    if "no such column" in text or ("column" in text and "does not exist" in text):
        return _("数据库的结构与本版本不符，请先运行 gongkai setup。")
    if "database is locked" in text:
        return _("数据库正忙，请稍后再试。")
    if "unable to open" in text or "connection" in text or "could not translate" in text:
        return _("连不上数据库，请检查 GONGKAI_DATABASE 和 GONGKAI_HOME，以及数据库服务是否在运行。")
    if "append only" in text:
        return _("数据库拒绝改动台账：记录只增不改。")
    return _("数据库出错（{kind}）。请运行 gongkai health 查看。").format(kind=type(error).__name__)
