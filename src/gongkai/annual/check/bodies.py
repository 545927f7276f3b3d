"""What a body's name tells: its kind, whether two names mean the same body, whether it makes regulations."""

from __future__ import annotations

import re

_OFFICE = re.compile(r"(?:(?:人民)?政府)?(?:办公厅|办公室|辦公廳|辦公室)?$")
_NATIONAL = re.compile(r"^(?:国家|國家|中国|中國|中央|国务院|國務院|全国|全國|中华|中華)")
_TOWNSHIP = re.compile(r"(?:镇|鎮|乡|鄉|街道|街道办事处|街道辦事處|苏木|蘇木)$")
_COUNTY = re.compile(r"(?:县|縣|旗|区|區)$")
_AUTONOMOUS_REGION = re.compile(r"自治[区區]$")
_DEPARTMENT = re.compile(
    r"(?:省|市|县|縣|区|區|州|旗|盟|乡|鄉|镇|鎮|团|團).{1,20}(?:局|厅|廳|委|委员会|委員會|中心|大队|大隊|支队|支隊|所|院)$"
)


def core_name(body: str) -> str:
    """The name without its office, so that a government and its office compare alike."""
    name = re.sub(r"[\s（(].*$", "", body.strip()) if body.strip() else ""
    previous = None
    while previous != name:
        previous, name = name, _OFFICE.sub("", name)
    return name


def may_make_regulations(body: str) -> bool | None:
    """Whether a body of that name can make 规章 at all; ``None`` where the name does not settle it.

    - no: townships, street offices, counties, districts, and the departments of any local government;
    - yes: provinces and autonomous regions;
    - not settled: cities (only cities with districts make them), national bodies, names without a kind.

    Source: Legislation Law, articles 91 (ministries) and 93 (provinces and cities with districts).
    """
    name = core_name(body)
    if not name or _NATIONAL.search(name):
        return None
    if re.search(r"省$", name) or _AUTONOMOUS_REGION.search(name):
        return True
    if _TOWNSHIP.search(name) or _COUNTY.search(name) or _DEPARTMENT.search(name):
        return False
    return None


def same_body(first: str, second: str) -> bool:
    """True where two names may mean the same body: short and full names, a government and its office."""
    one, other = core_name(first), core_name(second)
    return one == other or one.endswith(other) or other.endswith(one)


_GOVERNMENT = re.compile(r"(?:省|市|县|縣|旗|区|區|州|盟)$")
_OFFICE_OF_DEPARTMENT = re.compile(r"(?:局|厅|廳|委|委员会|委員會)$")
# Development zones are run by a body that is neither a department nor a government.
_ZONE = re.compile(r"(?:管委会|管委會|管理委员会|管理委員會)$")


def due_day(body: str) -> str | None:
    """Last day (``MM-DD``) for publishing a report of the year before; ``None`` where the law names none.

    Departments of governments from the county upwards: 31 January; these governments: 31 March. Townships
    and street offices are not named, and of other names the kind is not certain.

    Source: Regulation on Open Government Information, article 49.
    """
    name = core_name(body)
    if not name or _TOWNSHIP.search(name) or _ZONE.search(name):
        return None
    if _OFFICE_OF_DEPARTMENT.search(name):
        return "01-31"
    return "03-31" if _GOVERNMENT.search(name) else None
