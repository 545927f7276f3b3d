"""Due dates and appointments of proceedings as a calendar file (ICS, RFC 5545) for the calendar on the desk.

A day is a day of its own without hours; an appointment with an hour is told in UTC, so that no description of
a time zone is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from gongkai.platform.cases.proceedings import AppointmentView, Proceeding
from gongkai.platform.core.present import SHANGHAI

_FOLD = 73


def calendar_file(found: Iterable[Proceeding], *, name: str, now: datetime) -> bytes:
    """The calendar of what is ahead in these proceedings."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gongkai//defences//ZH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for one in found:
        if one.due is not None and one.owes_answer:
            what = _("答辩期限") if one.litigation else _("复议答复期限")
            lines += _event(
                f"due-{one.stream}-{one.key}", stamp, _day(one.due.day), f"{what} {_case(one)}", one
            )
        for appointment in one.appointments:
            told = f"{appointment.label} {_case(one)}"
            lines += _event(appointment.key, stamp, _when(appointment), told, one, appointment.place)
    lines.append("END:VCALENDAR")
    return b"".join(folded + b"\r\n" for line in lines for folded in _folded(line))


def _case(one: Proceeding) -> str:
    return " ".join(part for part in (one.number, one.label, one.stage) if part)


def _day(day: date) -> list[str]:
    after = day + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _when(one: AppointmentView) -> list[str]:
    if one.at is None:
        return _day(one.on)
    start = datetime.combine(one.on, one.at, SHANGHAI).astimezone(UTC)
    return [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}"]


def _event(
    uid: str, stamp: str, when: list[str], summary: str, one: Proceeding, place: str = ""
) -> list[str]:
    told = [
        "BEGIN:VEVENT", f"UID:{_text(uid.replace('|', '-'))}@gongkai", f"DTSTAMP:{stamp}", *when,
        f"SUMMARY:{_text(summary)}",
    ]  # fmt: skip
    if place or one.authority:
        told.append(f"LOCATION:{_text(place or one.authority)}")
    return [*told, "END:VEVENT"]


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "").split("\0"))


def _folded(line: str) -> Iterator[bytes]:
    """A line in pieces of at most 75 bytes, none of which cuts a character."""
    piece, first = b"", True
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _FOLD:
            yield piece if first else b" " + piece
            piece, first = b"", False
        piece += encoded
    yield piece if first else b" " + piece
