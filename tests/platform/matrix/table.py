"""The table of routes, the bodies in whose seats they are asked for, and which answer is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.urls import reverse
from tests.platform.conftest import TODAY, Place, make_body
from tests.platform.matrix.things import Thing

from gongkai.platform.core.models import DemonstrationDay
from gongkai.platform.core.permissions import Act, Relation, relation

TABLE: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("routes.yaml").read_text(encoding="utf-8"))
OPEN = ("public", "account", "seat")
NOBODY = "nobody"
MEMBERS = {"about", "with", "GET", "POST", "data", "only"}


@dataclass(frozen=True)
class Row:
    """One address of a route, and who may by which method."""

    route: str
    about: str | None
    extra: Mapping[str, Any]
    methods: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]
    only: Relation | None
    """The one relation in which anybody may at all; ``None``: as the acts say."""

    def address(self, thing: Thing | None) -> str:
        return reverse(self.route, kwargs={**({} if thing is None else thing.address), **self.extra})


def rows() -> Iterator[Row]:
    for route, found in TABLE.items():
        for row in found if isinstance(found, list) else [found]:
            assert set(row) <= MEMBERS, f"{route}: {set(row) - MEMBERS}"
            methods = {
                method: tuple(row[method]) if isinstance(row[method], list) else (row[method],)
                for method in ("GET", "POST")
                if method in row
            }
            for needs in methods.values():
                for need in needs:
                    assert need in (*OPEN, NOBODY) or Act(need), route
            only = Relation(row["only"]) if "only" in row else None
            yield Row(route, row.get("about"), row.get("with", {}), methods, row.get("data", {}), only)


ROWS = list(rows())


def named(row: Row) -> str:
    step = [row.data["step"]] if "step" in row.data else []
    about = [row.about] if isinstance(TABLE[row.route], list) and row.about is not None else []
    return "-".join([row.route, *about, *map(str, row.extra.values()), *step])


@dataclass(frozen=True)
class Places:
    """A body with one above, one below and one elsewhere."""

    own: Place
    subordinate: Place
    superior: Place
    foreign: Place

    def of(self, which: Relation) -> Place:
        return {
            Relation.OWN: self.own, Relation.SUBORDINATE: self.subordinate,
            Relation.SUPERIOR: self.superior, Relation.FOREIGN: self.foreign,
        }[which]  # fmt: skip


def make_places() -> Places:
    """The four bodies, on the demonstration's day."""
    DemonstrationDay.objects.update_or_create(id=1, defaults={"day": TODAY})
    city = make_body("云川市人民政府", "川公", "city")
    county = make_body("云溪县人民政府", "云公", "county", city.body)
    department = make_body("云溪县水利局", "云水公", "department", county.body)
    foreign = make_body("青石县人民政府", "青公", "county")
    found = Places(county, department, city, foreign)
    for which in Relation:
        assert relation(county.body, found.of(which).body) is which
    return found
