"""Tables whose rows the database itself refuses to change: their triggers, and whether these are there.

On SQLite a trigger also refuses ``INSERT OR REPLACE``, which would delete the old row without asking the
trigger against deletion. On PostgreSQL one also refuses ``TRUNCATE``. Who may alter the schema can remove a
trigger; ``wrong_triggers`` tells that it is gone, and the verification of the chain what was done then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_POSTGRESQL = """
SELECT trigger.tgname, pg_get_triggerdef(trigger.oid, true), trigger.tgenabled IN ('O', 'A'),
    trim(function.prosrc)
FROM pg_trigger trigger JOIN pg_proc function ON function.oid = trigger.tgfoid
WHERE trigger.tgrelid = to_regclass(%s) AND NOT trigger.tgisinternal
"""


@dataclass(frozen=True, slots=True)
class AppendOnlyTable:
    """A table, what is said to who wants to change a row, and the columns of its keys."""

    table: str
    message: str
    keys: tuple[tuple[str, ...], ...]

    def sqlite(self) -> Mapping[str, str]:
        """Its triggers on SQLite: name → statement."""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        keys = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in self.keys)
        same = " OR ".join(f"({key})" for key in keys)
        whens = {
            "no_update": "BEFORE UPDATE ON {table}",
            "no_delete": "BEFORE DELETE ON {table}",
            "no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",
        }
        return {
            f"{self.table}_{name}": (
                f"CREATE TRIGGER {self.table}_{name} {when.format(table=self.table, same=same)} {refuse}"
            )
            for name, when in whens.items()
        }

    @property
    def _function_body(self) -> str:
        return f"BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END"

    def postgresql(self) -> Mapping[str, str]:
        """Its triggers on PostgreSQL: name → statement, as the server gives them back."""
        table, function = self.table, f"{self.table}_refuse()"
        return {
            f"{table}_no_change": (
                f"CREATE TRIGGER {table}_no_change BEFORE DELETE OR UPDATE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}"
            ),
            f"{table}_no_truncate": (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}"
            ),
        }

    def create_triggers(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Put the triggers there; for migrations."""
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {self.table}_refuse() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ {self._function_body} $$"
            )
            statements = self.postgresql()
        else:
            statements = self.sqlite()
        for statement in statements.values():
            editor.execute(statement)

    def wrong_triggers(self) -> tuple[str, ...]:
        """Names of triggers that are missing, switched off, or say something else than they should."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL, [self.table])
                good = {name: definition for name, definition, enabled, body in cursor.fetchall()
                        if enabled and body == self._function_body}  # fmt: skip
                wanted = self.postgresql()
            else:
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                    [self.table],
                )
                good, wanted = dict(cursor.fetchall()), self.sqlite()
        return tuple(name for name, statement in wanted.items() if good.get(name) != statement)


AUDIT = AppendOnlyTable("core_auditentry", "audit entries are append only", (("id",), ("position",)))
