"""Triggers that refuse every change of an entry or a root, on SQLite and on PostgreSQL."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gongkai.platform.ledger.triggers import EVENTS, ROOTS


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers there."""
    EVENTS.create_triggers(editor)
    ROOTS.create_triggers(editor)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create, elidable=False)]
