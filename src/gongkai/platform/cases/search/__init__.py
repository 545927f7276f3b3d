"""Finding cases: by number, by the applicant exactly, by words of the application."""

from gongkai.platform.cases.search.index import index_case_text, matching, rebuild, remove
from gongkai.platform.cases.search.search import Found, search

__all__ = ["Found", "index_case_text", "matching", "rebuild", "remove", "search"]
