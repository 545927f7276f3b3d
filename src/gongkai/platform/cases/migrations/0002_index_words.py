"""The index of words for search; each database's own full text, over tokens that the platform cuts."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "cases_searchpassage"

# The tokeniser "ascii" takes every sign beyond ASCII for a letter: tokens are cut by us, whatever the script.
SQLITE = [
    f"CREATE TABLE {TABLE} (id integer PRIMARY KEY AUTOINCREMENT, stream varchar(100) NOT NULL, "
    "body varchar(40) NOT NULL, passages integer NOT NULL, words text NOT NULL)",
    f"CREATE INDEX {TABLE}_stream ON {TABLE} (stream)",
    f"CREATE VIRTUAL TABLE {TABLE}_words USING fts5(words, content='{TABLE}', content_rowid='id', "
    "tokenize='ascii', columnsize=0)",
]
POSTGRESQL = [
    f"CREATE TABLE {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream varchar(100) NOT NULL, "
    "body varchar(40) NOT NULL, passages integer NOT NULL, words tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_stream ON {TABLE} (stream)",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
]


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index, empty; ``cases.search.rebuild`` fills it from texts that are there."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    if editor.connection.vendor != "postgresql":
        editor.execute(f"DROP TABLE {TABLE}_words")
    editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
