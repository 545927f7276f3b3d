"""Word documents to blocks, straight from their XML.

The XML is walked here and not through a library's paragraphs, because what those leave out matters:
text boxes, inserted and deleted text, tables in content controls, and numbers that Word adds itself.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from gongkai.annual.read.blocks import Document
from gongkai.annual.read.errors import Unsupported
from gongkai.annual.read.limits import DEFAULT, Limits
from gongkai.annual.read.lines import Budget, collapse
from gongkai.annual.read.numbering import VAL, Numbering, W
from gongkai.annual.read.package import Package
from gongkai.annual.read.pieces import Cell, Heading, Item, close_grid, to_blocks

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = frozenset((f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}rt", f"{W}instrText", f"{W}delText"))
_SETTINGS = frozenset((f"{W}sdtPr", f"{W}sectPr"))
_BREAKS = frozenset((f"{W}br", f"{W}cr"))
_TABS = frozenset((f"{W}tab", f"{W}ptab"))
_AROUND = frozenset((f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"))
_PARAGRAPH, _PARAGRAPH_LOOKS = f"{W}p", f"{W}pPr"
_RUN, _RUN_LOOKS, _TEXT = f"{W}r", f"{W}rPr", f"{W}t"
_TABLE, _ROW, _CELL, _CELL_LOOKS = f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}tcPr"
_ALTERNATIVES = f"{_MC}AlternateContent"
_OFF = ("0", "false", "off")
_DEEPEST = 60


def read_docx(data: bytes, *, limits: Limits = DEFAULT, kind: str = "docx") -> Document:
    """A Word document as blocks in the order of its body.

    Deleted text is left out, inserted text is kept; ``kind`` is what the document says it was.
    Raises ``Unsupported`` for a damaged, encrypted or hostile file (AR-X-009, -010, -012 to -014, -016).
    """
    package = Package(data, "DOCX", limits)
    name = _main_part(package)
    root = package.xml(name)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise Unsupported("AR-X-009", kind="DOCX")
    folder = name.rpartition("/")[0]
    styles = package.xml(f"{folder}/styles.xml", _paragraph_styles)
    numbering = Numbering(package.xml(f"{folder}/numbering.xml"), styles)
    budget = Budget(limits)
    items = _Body(numbering, budget).read(body)
    core = package.xml("docProps/core.xml")
    title = core.findtext("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    return Document(kind, to_blocks(items, Budget(limits)), None, collapse(title or "") or None)


def _paragraph_styles(styles: bytes) -> bytes:
    """The part of styles without those of tables and characters: the most of it, and no paragraph has one."""
    first, *rest = styles.split(b"<w:style ")
    kept = [first]
    for style in rest:
        head = style.partition(b">")[0]
        other = b'w:type="table"' in head or b'w:type="character"' in head
        if other and not head.endswith(b"/"):
            kept.append(style.partition(b"</w:style>")[2])
        else:
            kept += (b"<w:style ", style)
    return b"".join(kept)


def _main_part(package: Package) -> str:
    """Name of the part with the body; some writers number it."""
    names = package.names()
    for name in names:
        if name == "word/document.xml":
            return name
    found = sorted(n for n in names if n.startswith("word/document") and n.endswith(".xml"))
    if not found:
        raise Unsupported("AR-X-009", kind="DOCX")
    return found[0]


class _Body:
    """Reads a story (body, cell or text box) into lines and tables."""

    def __init__(self, numbering: Numbering, budget: Budget) -> None:
        self._numbering = numbering
        self._budget = budget
        self._depth = 0

    def read(self, container: ET.Element) -> list[Item]:
        """Lines and tables of a container in order."""
        items: list[Item] = []
        self._read_into(container, items)
        return items

    def _read_into(self, container: ET.Element, out: list[Item]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unsupported("AR-X-013", limit=_DEEPEST)
        for element in container:
            tag = element.tag
            if tag == _PARAGRAPH:
                self._paragraph(element, out)
            elif tag == _TABLE:
                close_grid(self._rows(element), out)
            elif tag not in _GONE and tag not in _SETTINGS:
                # Content controls, custom XML and insertions around whole paragraphs.
                self._read_into(_choice(element), out)
        self._depth -= 1

    def _paragraph(self, paragraph: ET.Element, out: list[Item]) -> None:
        properties = paragraph.find(_PARAGRAPH_LOOKS)
        pieces: list[str] = [self._numbering.label(properties)]
        boxes: list[ET.Element] = []
        self._inline(paragraph, pieces, boxes, 0)
        heading = self._numbering.is_heading(properties)
        for part in "".join(pieces).split("\n"):
            line = collapse(part)
            if line:
                self._budget.spend_blocks()
                out.append(Heading(line) if heading else line)
        for box in boxes:
            self._read_into(box, out)

    def _inline(self, parent: ET.Element, pieces: list[str], boxes: list[ET.Element], depth: int) -> None:
        if depth > _DEEPEST:
            raise Unsupported("AR-X-013", limit=_DEEPEST)
        for element in parent:
            tag = element.tag
            if tag == _TEXT:
                pieces.append(element.text or "")
            elif tag in _BREAKS:
                pieces.append("\n")
            elif tag in _TABS:
                pieces.append("\t")
            elif tag == f"{W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{W}txbxContent":
                boxes.append(element)
            elif tag == _RUN and _vanished(element):
                continue
            elif tag not in _GONE and len(element):
                self._inline(_choice(element), pieces, boxes, depth + 1)

    def _rows(self, table: ET.Element) -> list[list[Cell]]:
        """Printed rows of a table, cells merged downwards given as one cell with its span."""
        result: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}
        for element in _wrapped(table, _ROW):
            properties = element.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            column = _int(properties, "gridBefore", 0)
            row = [Cell([], 1, column)] if column else []
            result.append(row)
            for cell in _wrapped(element, _CELL):
                column = self._add(cell, column, result, above)
        return result

    def _add(
        self, cell: ET.Element, column: int, rows: list[list[Cell]], above: dict[int, tuple[int, int]]
    ) -> int:
        """Add a cell to the last row, or to the cell above that it continues; returns the next column."""
        properties = cell.find(_CELL_LOOKS)
        wide = max(1, min(_int(properties, "gridSpan", 1), 256))
        self._budget.spend_cells(wide)
        row = rows[-1]
        if _continues(properties, "hMerge") and row:
            last = row[-1]
            row[-1] = Cell(last.items + self.read(cell), last.row_span, last.column_span + wide)
            return column + wide
        if _continues(properties, "vMerge") and column in above:
            at, index = above[column]
            first = rows[at][index]
            rows[at][index] = Cell(first.items + self.read(cell), len(rows) - at, first.column_span)
            return column + wide
        row.append(Cell(self.read(cell), 1, wide))
        above[column] = (len(rows) - 1, len(row) - 1)
        return column + wide


def _wrapped(parent: ET.Element, name: str) -> list[ET.Element]:
    """Rows of a table or cells of a row, also those inside content controls and insertions."""
    found: list[ET.Element] = []
    queue = list(reversed(parent))
    while queue:
        element = queue.pop()
        if element.tag == name:
            found.append(element)
        elif element.tag in _AROUND:
            queue.extend(reversed(element))
    return found


def _choice(element: ET.Element) -> ET.Element:
    """Of alternative contents only the first; the others repeat it for older programs."""
    if element.tag != _ALTERNATIVES:
        return element
    found = element.find(f"{_MC}Choice")
    return found if found is not None else element


def _vanished(run: ET.Element) -> bool:
    """True for text that Word hides."""
    looks = run.find(_RUN_LOOKS)
    mark = looks.find(f"{W}vanish") if looks is not None else None
    return mark is not None and mark.get(VAL, "1") not in _OFF


def _continues(properties: ET.Element | None, name: str) -> bool:
    mark = properties.find(f"{W}{name}") if properties is not None else None
    return mark is not None and mark.get(VAL, "continue") == "continue"


def _int(properties: ET.Element | None, name: str, default: int) -> int:
    mark = properties.find(f"{W}{name}") if properties is not None else None
    value = mark.get(VAL, "") if mark is not None else ""
    return min(int(value), 256) if value.isdecimal() and len(value) < 6 else default
