"""Every case of an installation as a package: opened in an empty folder, held to its page.

For each case the package that a handler of its body gets, and the one of a report author, who may not read
identities. Run by hand (``bench/platform/packages.py``): all cases take too long for the tests.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.platform.after.comparing import files_held, files_offered, left_out

from gongkai.platform.cases.applicants import applicant_of
from gongkai.platform.cases.archive.verifying import verify_package
from gongkai.platform.cases.models import CaseSummary
from gongkai.platform.core.models import Body, Seat
from gongkai.platform.core.web import SEAT


def reader(body: Body, role: str) -> Client | None:
    """Somebody of the body in a seat of that role, logged in; ``None`` where there is nobody."""
    for seat in Seat.objects.filter(body=body, valid_until__isnull=True).select_related("person"):
        if role in seat.roles:
            person = seat.person
            person.must_change_password, person.password_changed_at = False, timezone.now()
            person.save()
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            session = client.session
            session[SEAT] = seat.key
            session.save()
            return client
    return None


def opened(content: bytes, wrong: Counter[str]) -> dict[str, bytes]:
    """A package unpacked into an empty folder and verified there; what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(content)
        if not verify_package(path).ok:
            wrong["verify"] += 1
        empty = Path(folder) / "opened"
        with zipfile.ZipFile(path) as file:
            file.extractall(empty)
        checked = subprocess.run(
            ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"],
            cwd=empty,
            capture_output=True,
            check=False,
        )
        wrong["sha256sum"] += checked.returncode != 0
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def held_to_its_page(client: Client, stream: str, *, reveals: bool, wrong: Counter[str]) -> int:
    """One case for one reader; how many bytes its package has."""
    base = f"/desk/cases/{stream}/"
    page = (client.post(f"{base}identity/") if reveals else client.get(base)).content.decode()
    answered = client.get(f"{base}archive/copy/")
    held = opened(answered.content, wrong)
    for piece in left_out(page, held["index.html"].decode()):
        wrong[f"not in the package: {piece}"] += 1
    wrong["files"] += files_held(held["manifest.json"]) != files_offered(page)
    applicant = applicant_of(stream)
    if not reveals and applicant is not None:
        whole = b"".join(held.values()).decode(errors="replace")
        told = [applicant.phone, applicant.identity_number, applicant.address]
        if not Seat.objects.filter(person__name=applicant.name).exists():  # a made-up namesake in the office
            told.append(applicant.name)
        person = applicant.kind == "natural_person"
        wrong["identity"] += person and any(one and one in whole for one in told)
    return len(answered.content)


def hold_all() -> tuple[list[str], bool]:
    """All cases of all bodies: lines to be told, and whether all was well."""
    settings.ALLOWED_HOSTS = ["*"]
    wrong, size, made, began = Counter[str](), 0, 0, time.monotonic()
    cases = Counter[str]()
    for body in Body.objects.order_by("path"):
        streams = list(CaseSummary.objects.filter(body=body).values_list("stream", "phase"))
        for role, reveals in (("handler", True), ("report_author", False)):
            client = reader(body, role) if streams else None
            if client is None:
                continue
            for stream, phase in streams:
                size += held_to_its_page(client, stream, reveals=reveals, wrong=wrong)
                made += 1
                cases[phase] += reveals
    seconds = time.monotonic() - began
    told = [
        f"{sum(cases.values())} cases ({', '.join(f'{n} {p}' for p, n in cases.most_common())})",
        f"{made} packages, {size / made / 1024:.0f} KB and {seconds / made * 1000:.0f} ms each",
        f"{seconds:.0f} s",
    ]
    return [*told, *(f"{n}  {what}" for what, n in wrong.most_common(30) if n)], not +wrong
