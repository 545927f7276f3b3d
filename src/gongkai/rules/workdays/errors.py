"""What can go wrong with a calendar."""

from __future__ import annotations


class CalendarNotPublished(LookupError):
    """A day before the first notice, or beyond the years for which festival dates are known."""

    def __init__(self, year: int, known: tuple[int, int]) -> None:
        self.year = year
        self.known = known
        super().__init__(f"no calendar for the year {year}; years known: {known[0]} to {known[1]}")


class NoticeError(ValueError):
    """A holiday notice that cannot be read or contradicts itself; every message is Chinese, a line each."""

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        self.name = name
        self.problems = problems
        super().__init__("；".join(f"{name}：{problem}" for problem in problems))
