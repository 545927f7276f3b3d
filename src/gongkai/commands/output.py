"""Writing results: JSON as UTF-8 bytes whatever the terminal, files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import click

from gongkai.commands import base
from gongkai.commands.inputs import Item
from gongkai.i18n import _


def beside(folder: Path, item: Item, kind: str, taken: set[Path]) -> Path:
    """A file in the folder named after the item's source, ``-1``, ``-2`` where that holds several reports.

    Sources of the same name are told apart by a number behind it; ``taken`` remembers what was given out.
    """
    stem = Path(item.name).stem or _("报告")
    if item.of > 1:
        stem += f"-{item.number}"
    target, number = folder / f"{stem}.{kind}", 2
    while target in taken:
        target = folder / f"{stem}-{number}.{kind}"
        number += 1
    taken.add(target)
    return target


def is_free(target: Path) -> bool:
    """True where writing would destroy nothing: there is no such file, or a device."""
    return not target.exists() or is_device(target)


def is_device(target: Path) -> bool:
    """True for what is there and is neither a file nor a directory: a device or a pipe."""
    return target.exists() and not target.is_file() and not target.is_dir()


def json_line(value: object) -> bytes:
    """The value as one line of JSON in UTF-8; amounts keep their digits."""
    from gongkai.annual.write.exchange import dumps

    return dumps(value).encode()


def echo_json(value: object) -> None:
    """Print the value as one line of JSON on standard output."""
    click.echo(json_line(value))


def write_file(target: Path, data: bytes, *, force: bool) -> None:
    """Write a whole file or nothing: to a neighbour first, then renamed.

    Raises ``Problem`` where the file is there and ``force`` is not given; ``OSError`` as it comes.
    """
    if target.is_dir():
        raise base.Problem(_("{target} 是目录，请写文件名。").format(target=target))
    if is_device(target):
        target.write_bytes(data)
        return
    if target.exists() and not force:
        raise base.Problem(_("{target} 已经存在，没有覆盖。要覆盖请加 --force。").format(target=target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _put(target, data, force=force)
    except OSError as error:  # about the file that was asked for, not about a neighbour with an odd name
        raise OSError(error.errno, error.strerror, str(target)) from error


def _put(target: Path, data: bytes, *, force: bool) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        if force:
            Path(name).replace(target)
        else:
            _claim(Path(name), target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _claim(written: Path, target: Path) -> None:
    """Rename without overwriting what came into being meanwhile, where the file system can."""
    try:
        os.link(written, target)
    except FileExistsError:
        raise base.Problem(_("{target} 已经存在，没有覆盖。").format(target=target)) from None
    except OSError:  # no hard links on this file system
        written.replace(target)
        return
    written.unlink()
