"""The command ``gongkai``: thin over the library."""

from __future__ import annotations

import click

from gongkai import __version__
from gongkai.commands.annual import annual
from gongkai.commands.base import Program
from gongkai.commands.clock import clock
from gongkai.commands.fee import fee
from gongkai.commands.ledger import ledger
from gongkai.commands.ledger_count import count_command, explain_command
from gongkai.commands.workdays import workdays
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


program.add_command(annual)
program.add_command(clock)
program.add_command(workdays)
program.add_command(fee)
program.add_command(ledger)
ledger.add_command(count_command)
ledger.add_command(explain_command)


def main() -> None:
    """Run the command line; ends the process with a documented exit code."""
    program(prog_name="gongkai")
