"""Triggers that refuse every change of an audit entry, on SQLite and on PostgreSQL."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gongkai.platform.core.append_only import AUDIT


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers there."""
    AUDIT.create_triggers(editor)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(create, elidable=False)]
