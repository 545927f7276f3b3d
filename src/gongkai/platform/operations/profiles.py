"""Whether the data fit the profile: invented ones are no office's, and an office's are not for showing."""

from __future__ import annotations

from gongkai.i18n import _
from gongkai.platform.core.models import Body, DemonstrationDay
from gongkai.platform.environment import Environment


def holds_demonstration() -> bool:
    """Whether what the connected database holds is invented; its log-ins are known to everybody."""
    return DemonstrationDay.objects.exists()


def why_not_here(environment: Environment) -> str:
    """Why nothing may be done with these data under this profile; empty where it may."""
    if environment.demonstration or not holds_demonstration():
        return ""
    text = _("{home} 里是演示数据，账号和口令是公开的，不能正式使用；请换一个数据目录和数据库。")
    return text.format(home=environment.home)


def why_not_served(environment: Environment) -> str:
    """Why an office's own data are not served: the demonstration asks for no second factor."""
    if not environment.demonstration or holds_demonstration() or not Body.objects.exists():
        return ""
    text = _("{home} 里不是演示数据，而 GONGKAI_PROFILE 是 demonstration；正式使用请改为 production。")
    return text.format(home=environment.home)
