"""Editions of the form added with ``--form``: loaded from their files, beside those of the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.commands import base
from gongkai.i18n import _

if TYPE_CHECKING:
    from gongkai.annual.form import Form


def known_forms(files: Sequence[Path]) -> tuple[Form, ...]:
    """The package's editions and those of the files.

    ``Problem`` for a file that is none, and for an edition that is known already: of two forms with one
    name no result could say which it means.
    """
    from gongkai.annual.form import FormError, builtin_forms, load_form
    from gongkai.annual.read.names import shown_name

    known = builtin_forms()
    for file in files:
        name = shown_name(file)
        try:
            form = load_form(file)
        except OSError as error:
            reason = base.os_problem(OSError(error.errno, error.strerror))
            raise base.Problem(_("{file}：{reason}").format(file=name, reason=reason)) from error
        except (FormError, UnicodeDecodeError) as error:
            raise base.Problem(
                _("{file} 不是能用的格式文件：{reason}").format(file=name, reason=error)
            ) from error
        if any(form.edition == other.edition for other in known):
            raise base.Problem(
                _("{file} 的版本 {edition} 已经有了，请给它另一个版本名。").format(
                    file=name, edition=form.edition
                )
            )
        known = (*known, form)
    return known
