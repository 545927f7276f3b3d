"""Every act by everybody who may not do it, in every relation of bodies: refused, and nothing is left."""

from __future__ import annotations

from itertools import product

import pytest
from tests.platform.conftest import ROLES, make_body
from tests.platform.states.entering import Traces, enter, sitting
from tests.platform.states.payloads import payloads
from tests.platform.states.reach import KINDS, standing

from gongkai.platform.cases.services.acting import perform_act, permission_for
from gongkai.platform.core.models import AuditEntry
from gongkai.platform.core.permissions import NotPermitted, can

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.xdist_group("states")]


def test_every_act_is_refused_to_whom_it_is_not_given() -> None:
    above = make_body("云川市人民政府", "川公", "city")
    county = make_body("云溪县人民政府", "云公", "county", above.body)
    below = make_body("云溪县水利局", "云水公", "department", county.body)
    places = (county, below, above, make_body("青石县人民政府", "青公", "county"))
    traces, states, tried = Traces(), standing(5), 0
    for number, kind in enumerate(KINDS, start=1):
        one = next((one for one in states if not one.verdict(kind)), states[0])
        case, payload = enter(county, one, number), next(payloads(kind, one.state, one.today))
        before, audited = traces.whole(), AuditEntry.objects.count()
        for place, role in product(places, ROLES):
            seat = place.seats[role]
            if can(seat, permission_for(kind), county.body):
                continue
            with pytest.raises(NotPermitted):
                perform_act(
                    body=county.body, stream=case.stream, kind=kind, occurred_on=one.today,
                    expected_seq=case.seq, actor=sitting(seat, one.today), payload=payload,
                )  # fmt: skip
            tried += 1
        assert traces.whole() == before, kind
        assert AuditEntry.objects.count() == audited, kind
    assert tried > len(KINDS) * (len(places) * len(ROLES) - 3)
