"""The due list can be lost: what leaves is put back on it from the rows themselves."""

from datetime import timedelta

from django.core.management import call_command

from landlords import records
from landlords.models import Landlord
from leaving import erasure, exports, off_boarding
from mtd import merging
from people.principal import SYSTEM
from tenants.db import connection
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import FakeClock
from tests.leaving.scenes import ask


def landlord(name: str, time: FakeClock) -> Landlord:
    given = {"full_name": name, "reference": name}
    return Landlord.objects.get(pk=records.create(by=SYSTEM, given=given, now=time.now).pk)


def test_all_that_leaves_is_put_back_and_nothing_that_has_left(in_alpha: Agency, time: FakeClock) -> None:
    long_gone = landlord("LONG", time)
    erasure.erase(by=SYSTEM, landlord_id=long_gone.pk, confirm="LONG", now=time.now - timedelta(days=2))
    kept, twin, erased = (landlord(name, time) for name in ("KEPT", "TWIN", "ERASED"))
    erasure.erase(by=SYSTEM, landlord_id=erased.pk, confirm="ERASED", now=time.now)
    merging.merge(by=SYSTEM, landlord_id=kept.pk, duplicate_id=twin.pk, expected=None, now=time.now)
    ready, asked = ask(kept), ask(None)
    exports.run(export_id=ready)
    wiped = landlord("WIPED", time)
    exports.wipe(export_id=ask(wiped), now=time.now)
    off_boarding.plan(by=SYSTEM, agency_id=in_alpha.pk, confirm=in_alpha.name, wait_days=9, now=time.now)
    Due.objects.all().delete()
    connection.set_schema_to_public()

    call_command("rebuild_due")

    leaving = {"export", "wipe_export", "erase", "merge", "off_board"}
    assert set(Due.objects.filter(kind__in=leaving).values_list("kind", "subject_id", "due_at")) == {
        ("export", asked, time.now),
        ("wipe_export", ready, time.now + timedelta(days=3)),
        ("erase", erased.pk, time.now),
        ("merge", twin.pk, time.now),
        ("off_board", in_alpha.pk, time.now + timedelta(days=9)),
    }
    assert Due.objects.filter(kind="tidy", agency_id=in_alpha.pk).exists()
