"""The command ``gongkai``: thin over the library."""

from __future__ import annotations

import click

from gongkai import __version__
from gongkai.commands.base import Program
from gongkai.commands.later import LaterCommands
from gongkai.i18n import _


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_("公开：政府信息公开工作软件。"),
)
@click.version_option(
    version=__version__, prog_name="gongkai", message="%(prog)s %(version)s", help=_("显示版本号。")
)
def program() -> None:
    """The group itself does nothing."""


program.commands = LaterCommands(
    {
        "annual": "gongkai.commands.annual:annual",
        "clock": "gongkai.commands.clock:clock",
        "workdays": "gongkai.commands.workdays:workdays",
        "fee": "gongkai.commands.fee:fee",
        "ledger": "gongkai.commands.ledger:ledger",
        "replay": "gongkai.commands.replay:replay_command",
        "demo": "gongkai.commands.demonstration:demo",
        "setup": "gongkai.commands.platform_run:setup",
        "serve": "gongkai.commands.platform_run:serve",
        "worker": "gongkai.commands.platform_run:worker",
        "tick": "gongkai.commands.platform_run:tick",
        "health": "gongkai.commands.platform_run:health",
        "backup": "gongkai.commands.platform_backup:backup",
        "restore": "gongkai.commands.platform_backup:restore",
        "verify": "gongkai.commands.platform_backup:verify",
        "rebuild": "gongkai.commands.platform_backup:rebuild",
        "body": "gongkai.commands.platform_office:body",
        "person": "gongkai.commands.platform_office:person",
        "seat": "gongkai.commands.platform_office:seat",
        "keys": "gongkai.commands.platform_keys:keys",
        "past": "gongkai.commands.platform_past:past",
        "archive": "gongkai.commands.archive:archive",
    }
)


def main() -> None:
    """Run the command line; ends the process with a documented exit code."""
    program(prog_name="gongkai")
