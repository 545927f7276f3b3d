"""The index of words: SQLite's FTS5 and PostgreSQL's full text behind one interface, over the same tokens.

The rows are written past the ORM, for no field of Django's is the full text of both databases.
Whoever writes a ``CaseText`` calls ``index_case_text`` in that transaction, whoever erases one ``remove``.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from gongkai.platform.cases.models import CaseText
from gongkai.platform.cases.search.tokens import passages, phrases, tokens

TABLE = "cases_searchpassage"
WORDS = "cases_searchpassage_words"
"""FTS5's own table on SQLite; it keeps no text, but reads that of ``TABLE``."""


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


@transaction.atomic
def index_case_text(text: CaseText) -> None:
    """Put title, description and the applicant's (masked) label into the index, in place of the old ones."""
    remove(text.stream)
    _insert(text)


def _insert(text: CaseText) -> None:
    found = passages(tokens([text.title, text.description, text.applicant_label]))
    columns = f"INSERT INTO {TABLE} (stream, body, passages, words)"
    with connection.cursor() as cursor:
        for passage in found:
            row: list[str | int] = [text.stream, text.body.pk, len(found)]
            if _sqlite():
                words = " ".join(passage)
                cursor.execute(f"{columns} VALUES (%s, %s, %s, %s)", [*row, words])
                cursor.execute(
                    f"INSERT INTO {WORDS} (rowid, words) VALUES (%s, %s)",  # noqa: S608
                    [cursor.lastrowid, words],
                )
            else:
                cursor.execute(f"{columns} VALUES (%s, %s, %s, %s::tsvector)", [*row, _vector(passage)])


@transaction.atomic
def remove(*streams: str) -> None:
    """Take texts out of the index.

    SQLite's index keeps the words of deleted rows in older segments until these are merged; see ``purge``.
    """
    with connection.cursor() as cursor:
        for stream in streams:
            if _sqlite():
                cursor.execute(
                    f"INSERT INTO {WORDS} ({WORDS}, rowid, words) "  # noqa: S608
                    f"SELECT 'delete', id, words FROM {TABLE} WHERE stream = %s",
                    [stream],
                )
            cursor.execute(f"DELETE FROM {TABLE} WHERE stream = %s", [stream])  # noqa: S608


def purge() -> None:
    """Merge the index, so that of removed texts no word is left in the database's pages.

    For erasure, after ``remove``. On SQLite the whole index is written anew, and ``secure_delete`` overwrites
    what it leaves; on PostgreSQL a vacuum of the table does it.
    """
    with connection.cursor() as cursor:
        if _sqlite():
            cursor.execute(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('optimize')")  # noqa: S608


@transaction.atomic
def rebuild() -> int:
    """Write the whole index anew from the texts; gives their number."""
    with connection.cursor() as cursor:
        if _sqlite():
            cursor.execute(f"INSERT INTO {WORDS} ({WORDS}) VALUES ('delete-all')")  # noqa: S608
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
    number = 0
    for text in CaseText.objects.order_by("stream").iterator(chunk_size=1000):
        _insert(text)
        number += 1
    return number


def matching(question: str, *, bodies: Sequence[str] | None, most: int) -> list[str]:
    """The streams whose text has every word of ``question``, newest entry first, at most ``most``.

    ``bodies``: only cases of these; ``None`` for all. A word may stand within a longer one, as when one looks
    for it with the eye. The words of a long text may stand in different passages of it.
    """
    wanted = phrases(question)
    if not wanted or bodies == []:
        return []
    found = _newest(wanted, bodies, most)
    if len(wanted) > 1:
        for stream, place in _across_passages(wanted, bodies).items():
            found[stream] = max(place, found.get(stream, 0))
    return sorted(found, key=lambda stream: found[stream], reverse=True)[:most]


def _across_passages(wanted: Sequence[Sequence[str]], bodies: Sequence[str] | None) -> dict[str, int]:
    """Cases of several passages with every word in one or the other."""
    common: dict[str, int] | None = None
    for phrase in wanted:
        found = _newest([phrase], bodies, None)
        common = found if common is None else {s: max(p, found[s]) for s, p in common.items() if s in found}
        if not common:
            break
    return common or {}


def _newest(
    wanted: Sequence[Sequence[str]], bodies: Sequence[str] | None, most: int | None
) -> dict[str, int]:
    """Streams by their newest passage with all phrases; ``most=None``: all, but only of several passages."""
    if _sqlite():
        match = " AND ".join(_fts_phrase(phrase) for phrase in wanted)
        source = f"{WORDS} w CROSS JOIN {TABLE} p ON p.id = w.rowid WHERE {WORDS} MATCH %s"
        place = "w.rowid"
    else:
        match = " & ".join(_tsquery_phrase(phrase) for phrase in wanted)
        source = f"{TABLE} p WHERE p.words @@ %s::tsquery"
        place = "p.id"
    parameters: list[str | int] = [match]
    if bodies is not None:
        source += f" AND p.body IN ({', '.join(['%s'] * len(bodies))})"
        parameters += bodies
    if most is None:
        source += " AND p.passages > 1"
    source += f" ORDER BY {place} DESC"
    if most is not None:
        # A case may have several passages with the same words; twice as many are read.
        source += " LIMIT %s"
        parameters.append(most * 2)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.stream, p.id FROM {source}", parameters)  # noqa: S608
        found: dict[str, int] = {}
        for stream, at in cursor.fetchall():
            found.setdefault(stream, at)
            if len(found) == most:
                break
    return found


def _fts_phrase(phrase: Sequence[str]) -> str:
    quoted = '"' + " ".join(phrase).replace('"', '""') + '"'
    return f"{quoted} *" if len(phrase[0]) == 1 else quoted


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _tsquery_phrase(phrase: Sequence[str]) -> str:
    if len(phrase[0]) == 1:
        return f"{_quoted(phrase[0])}:*"
    return "(" + " <-> ".join(_quoted(token) for token in phrase) + ")"


def _vector(passage: Sequence[str]) -> str:
    places: dict[str, list[int]] = {}
    for place, token in enumerate(passage, 1):
        places.setdefault(token, []).append(place)
    return " ".join(f"{_quoted(token)}:{','.join(map(str, at))}" for token, at in places.items())
