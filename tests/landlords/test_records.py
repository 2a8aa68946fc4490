"""Landlords' records, as the rooms above use them."""

from datetime import datetime, timedelta

import pytest

from landlords import records
from landlords.errors import NinoConflict, NinoMissing, ReferenceTaken
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.faults import Invalid, NotFound, Stale
from tenants.ids import new_id
from tenants.models import Agency
from tests.cast import NINO, OTHER_NINO


@pytest.fixture
def lena(in_alpha: Agency, now: datetime) -> Landlord:
    given = {"reference": "KT-1", "full_name": "Lena", "nino": NINO}
    return records.get(landlord_id=records.create(by=SYSTEM, given=given, now=now).pk)


def test_a_number_is_found_by_its_index_whatever_its_suffix(lena: Landlord) -> None:
    assert Landlord.with_nino("AA123456D") == lena
    assert Landlord.with_nino(OTHER_NINO) is None
    assert Landlord.with_nino(NINO, other_than=lena.pk) is None


def test_a_number_of_one_agency_is_not_found_in_the_other(lena: Landlord, beta: Agency) -> None:
    with tenant(beta):
        assert Landlord.with_nino(NINO) is None


def test_the_mask_stands_in_the_clear_and_the_number_does_not(lena: Landlord) -> None:
    row = Landlord.objects.filter(pk=lena.pk).values().get()

    assert row["nino_mask"] == "AA****56A"
    assert NINO not in str(row)


def test_after_a_refusal_of_the_database_the_transaction_goes_on(lena: Landlord, now: datetime) -> None:
    for taken, fault in (({"reference": "KT-1"}, ReferenceTaken), ({"nino": NINO}, NinoConflict)):
        with pytest.raises(fault):
            records.create(by=SYSTEM, given={"full_name": "Otto", **taken}, now=now)

    assert Landlord.objects.count() == 1


def test_of_two_who_read_the_same_version_one_is_stale(lena: Landlord, now: datetime) -> None:
    records.change(by=SYSTEM, landlord_id=lena.pk, given={"full_name": "One"}, expected=1, now=now)

    with pytest.raises(Stale):
        records.change(by=SYSTEM, landlord_id=lena.pk, given={"full_name": "Two"}, expected=1, now=now)

    assert records.get(landlord_id=lena.pk).full_name == "One"


def test_a_change_counts_up_the_version_and_says_when(lena: Landlord, now: datetime) -> None:
    later = now + timedelta(days=1)

    changed = records.change(by=SYSTEM, landlord_id=lena.pk, given={"tags": ["a"]}, expected=None, now=later)

    assert (changed.version, changed.updated_at, changed.tags) == (lena.version + 1, later, ["a"])


def test_a_corrected_number_is_sealed_indexed_and_masked_together(lena: Landlord, now: datetime) -> None:
    changed = records.change(by=SYSTEM, landlord_id=lena.pk, given={"nino": "ab 65 43 21 b"}, expected=None, now=now)

    with changed.nino.open(reason="test") as nino:
        assert nino == OTHER_NINO
    assert changed.nino_mask == "AB****21B"
    assert Landlord.with_nino(OTHER_NINO) == lena


def test_a_wrong_number_changes_nothing(lena: Landlord, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        records.change(
            by=SYSTEM, landlord_id=lena.pk, given={"full_name": "X", "nino": "GB123456A"}, expected=None, now=now
        )

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/nino", "nino.prefix")]
    assert records.get(landlord_id=lena.pk).full_name == "Lena"


def test_a_number_that_is_not_there_can_not_be_revealed(in_alpha: Agency, now: datetime) -> None:
    otto = records.create(by=SYSTEM, given={"full_name": "Otto"}, now=now)

    with pytest.raises(NinoMissing):
        records.reveal_nino(by=SYSTEM, landlord_id=otto.pk, reason="test", now=now)


def test_an_archived_landlord_is_not_found_and_can_not_be_changed(lena: Landlord, now: datetime) -> None:
    records.archive(by=SYSTEM, landlord_id=lena.pk, now=now)

    for act in (
        lambda: records.get(landlord_id=lena.pk),
        lambda: records.change(by=SYSTEM, landlord_id=lena.pk, given={}, expected=None, now=now),
        lambda: records.archive(by=SYSTEM, landlord_id=lena.pk, now=now),
        lambda: records.reveal_nino(by=SYSTEM, landlord_id=lena.pk, reason="test", now=now),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_landlord_of_nobody_is_not_found(in_alpha: Agency) -> None:
    with pytest.raises(NotFound):
        records.get(landlord_id=new_id())
