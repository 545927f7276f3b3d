"""The ledger as files: append-only chains of acts, one a body, that anybody can verify.

It knows nothing of cases: kinds and payloads are checked by a function that the writer passes in. The
format is open and described in ``docs/reference/ledger-format.md``.

>>> from gongkai.rules.ledger import commitment
>>> commitment("张三", b"0123456789abcdef")[:4]
'sm3:'
"""

from gongkai.rules.ledger.canonical import canonical, normalised
from gongkai.rules.ledger.chain import Damage, State
from gongkai.rules.ledger.entry import Entry, Header, parse_entry, parse_header, seal
from gongkai.rules.ledger.errors import (
    CodeEntry,
    LedgerError,
    NotCanonical,
    StaleWriter,
    UnfinishedAppend,
    Unreadable,
    catalogue,
    describe,
)
from gongkai.rules.ledger.files import ROOTS, Repair, file_name, repair
from gongkai.rules.ledger.hashing import ALGORITHMS, SHA256, SM3, commitment
from gongkai.rules.ledger.reading import bodies, body_path, read_events, read_header, read_ledger
from gongkai.rules.ledger.roots import (
    NO_ROOT,
    Anchor,
    Head,
    Root,
    head_of,
    parse_anchor,
    parse_root,
    roots,
    write_root,
)
from gongkai.rules.ledger.verify import Chain, Kept, Verification, verify, verify_chains, verify_lines
from gongkai.rules.ledger.writing import LedgerFile, create

__all__ = [
    "ALGORITHMS",
    "NO_ROOT",
    "ROOTS",
    "SHA256",
    "SM3",
    "Anchor",
    "Chain",
    "CodeEntry",
    "Damage",
    "Entry",
    "Head",
    "Header",
    "Kept",
    "LedgerError",
    "LedgerFile",
    "NotCanonical",
    "Repair",
    "Root",
    "StaleWriter",
    "State",
    "UnfinishedAppend",
    "Unreadable",
    "Verification",
    "bodies",
    "body_path",
    "canonical",
    "catalogue",
    "commitment",
    "create",
    "describe",
    "file_name",
    "head_of",
    "normalised",
    "parse_anchor",
    "parse_entry",
    "parse_header",
    "parse_root",
    "read_events",
    "read_header",
    "read_ledger",
    "repair",
    "roots",
    "seal",
    "verify",
    "verify_chains",
    "verify_lines",
    "write_root",
]
