"""PDFium is not made for several threads: whoever opens a PDF with it holds ``ALONE`` until it is closed."""

from __future__ import annotations

import threading

ALONE = threading.RLock()
"""One for the whole process, whichever part of the platform opens the PDF."""
