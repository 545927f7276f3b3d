"""An import under way: uploaded, read as proposed, checked, as the jobs of the worker do it."""

from __future__ import annotations

from tests.platform.conftest import Place
from tests.platform.operations.conftest import installation as installation

from gongkai.platform.cases import past_jobs
from gongkai.platform.cases.models import PastImport
from gongkai.platform.cases.services.past import order_import, set_mapping, upload_past


def checked(place: Place, content: bytes, name: str = "台账.xlsx") -> PastImport:
    """Uploaded and checked."""
    clerk = place.actor("receiving_clerk")
    past = upload_past(body=place.body, actor=clerk, content=content, name=name)
    set_mapping(past=past, actor=clerk, mapping={})
    past_jobs.check.call(past.key)
    past.refresh_from_db()
    return past


def brought_in(place: Place, past: PastImport) -> PastImport:
    """Ordered by the head of the office and brought in."""
    order_import(past=past, actor=place.actor("approver"))
    past_jobs.enter.call(past.key)
    past.refresh_from_db()
    return past
