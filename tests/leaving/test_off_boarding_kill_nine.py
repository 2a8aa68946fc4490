"""The worker that lets an agency go is killed in and after every step, and in a mail: in the end all is gone
as if nobody had died, and nobody was mailed twice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from landlords import records
from landlords.models import Landlord, Mail
from leaving import off_boarding
from leaving.off_boarding import run
from people.principal import SYSTEM
from tenants import clock, shredding
from tenants.context import tenant
from tenants.db import connection
from tenants.errors import SealBroken
from tenants.models import Agency, Due, OffBoarding, TenantKey
from tenants.provisioning import create_agency
from tests.cast import NINO
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import LONG_AGO, connect

NAME, HOST = "Omega", "omega.localhost"
STEPS = ["stopped", "tokens_destroyed", "landlords_told", "keys_destroyed", "schema_dropped", "rows_deleted"]


@pytest.fixture
def leaving(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Agency]:
    """Committed, with a landlord who is connected and has an address; asked to leave today."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    with django_db_blocker.unblock():
        agency = create_agency(name=NAME, host=HOST)
        try:
            with tenant(agency):
                given = {"full_name": "Lena", "email": "lena@post.example", "nino": NINO}
                connect(records.create(by=SYSTEM, given=given, now=clock.now()))
            off_boarding.plan(by=SYSTEM, agency_id=agency.pk, confirm=NAME, wait_days=0, now=clock.now())
            yield agency
        finally:
            connection.set_schema_to_public()
            shredding.drop_schema(agency)
            shredding.forget(agency)
            OffBoarding.objects.filter(agency_id=agency.pk).delete()
            connections.close_all()


def dies(agency: Agency, at: str) -> bool:
    """Whether the worker who comes next was killed there."""
    Due.objects.filter(agency_id=agency.pk).update(due_at=clock.now())
    connections.close_all()
    return was_killed(forked(agency, lambda: run(agency_id=agency.pk), dies_at=at))


def done(agency: Agency) -> list[str]:
    return off_boarding.get(agency_id=agency.pk).done


def mails(folder: Path) -> int:
    return sum(each.read_text().count("Subject:") for each in folder.iterdir())


def test_whoever_is_killed_in_or_after_any_step_is_followed_by_another(leaving: Agency, tmp_path: Path) -> None:
    for number, step in enumerate(STEPS[:5]):
        if step == "landlords_told":
            assert dies(leaving, "mail.after_sending")
            with tenant(leaving):
                Mail.objects.update(lease_ends_at=LONG_AGO)
        assert dies(leaving, f"off_boarding.in_{step}")
        assert done(leaving) == STEPS[:number]
        while step not in done(leaving):  # one takes several turns
            assert dies(leaving, "off_boarding.between_steps")
        assert done(leaving) == STEPS[: number + 1]
    assert dies(leaving, "off_boarding.in_rows_deleted")
    assert done(leaving) == STEPS[:5]

    assert not dies(leaving, "nowhere")

    finished = off_boarding.get(agency_id=leaving.pk)
    assert (finished.status, finished.done, mails(tmp_path)) == ("done", STEPS, 1)
    assert not Agency.objects.filter(pk=leaving.pk).exists()


def test_from_the_keys_on_nothing_opens_whoever_died(leaving: Agency) -> None:
    while "keys_destroyed" not in done(leaving):
        assert dies(leaving, "off_boarding.between_steps")

    assert not TenantKey.objects.filter(agency_id=leaving.pk).exists()
    with tenant(leaving):
        landlord = Landlord.objects.get()
        assert landlord.nino is not None
        with pytest.raises(SealBroken), landlord.nino.open(reason="test"):
            pass
