"""Lists of cases for the desk: the work list, all cases, rows in words. One case: ``cases.case_view``."""

from gongkai.platform.cases.selectors.rows import CaseRow, case_rows
from gongkai.platform.cases.selectors.scope import sees_below, visible_bodies, visible_cases
from gongkai.platform.cases.selectors.work_list import WorkList, work_list

__all__ = [
    "CaseRow",
    "WorkList",
    "case_rows",
    "sees_below",
    "visible_bodies",
    "visible_cases",
    "work_list",
]
