"""COPY stores what bulk_create would, in the agency's own schema, and refuses what the database refuses."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from events.models import Event
from landlords.models import Landlord
from tenants.context import tenant
from tenants.copying import any_of, copy_in, copy_like
from tenants.ids import new_id
from tenants.models import Agency

ODD = {"external_ids": {"a\tb": "c\\n\"'"}, "tags": ["\\N", "é"], "full_name": "back\\slash\tand, 'quotes' \u2028"}


def landlord(reference: str, **more: object) -> Landlord:
    found = Landlord(id=new_id(), reference=reference, full_name="Lena")
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_what_is_copied_in_reads_as_if_it_had_been_saved(in_alpha: Agency) -> None:
    copied, saved = landlord("copied", **ODD), landlord("saved", **ODD)
    for each, nino in ((copied, "AA123456A"), (saved, "AB123456B")):
        each.put_nino(nino)

    copy_in([copied])
    saved.save(force_insert=True)

    one, other = Landlord.objects.get(pk=copied.pk), Landlord.objects.get(pk=saved.pk)
    assert [getattr(one, name) for name in (*ODD, "version", "archived_at")] == [
        getattr(other, name) for name in (*ODD, "version", "archived_at")
    ]
    assert one.created_at <= other.created_at
    assert one.nino is not None
    with one.nino.open(reason="test") as nino:
        assert nino == "AA123456A"


def test_what_was_copied_in_is_changed_when_it_is_saved_again(in_alpha: Agency) -> None:
    copied = landlord("copied")
    copy_in([copied])

    copied.full_name = "Leonora"
    copied.save()

    assert Landlord.objects.get(pk=copied.pk).full_name == "Leonora"


def test_what_the_database_fills_in_is_left_to_it(in_alpha: Agency, now: datetime) -> None:
    said = {"type": "tested", "subject_type": "test", "subject_id": new_id(), "occurred_at": now}

    copy_in([Event(**said), Event(**said)])

    first, second = Event.objects.filter(type="tested").order_by("position")
    assert (first.transaction, first.position < second.position) == (second.transaction, True)


def test_nothing_is_copied_in_if_there_is_nothing(in_alpha: Agency) -> None:
    copy_in([])

    assert Landlord.objects.count() == 0


def test_what_breaks_a_rule_is_refused_with_all_the_rest(in_alpha: Agency) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in([landlord("other"), landlord("same"), landlord("same")])

    assert Landlord.objects.count() == 0


def test_it_goes_into_the_agency_that_was_entered(alpha: Agency, beta: Agency) -> None:
    with tenant(alpha):
        copy_in([landlord("one")])

    with tenant(beta):
        assert not Landlord.objects.filter(reference="one").exists()
    with tenant(alpha):
        assert Landlord.objects.filter(reference="one").exists()


def test_rows_alike_are_what_the_pattern_says_but_for_what_is_their_own(in_alpha: Agency) -> None:
    pattern = landlord("pattern", full_name="The same", tags=["a"])

    copy_like(pattern, [{"id": new_id(), "reference": "one"}, {"id": new_id(), "reference": "two", "tags": ["b"]}])

    kept = {each.reference: each for each in Landlord.objects.all()}
    assert {name: (each.full_name, each.tags) for name, each in kept.items()} == {
        "one": ("The same", ["a"]),
        "two": ("The same", ["b"]),
    }
    assert kept["one"].created_at is not None


def test_any_of_many_is_found_and_none_of_none(in_alpha: Agency) -> None:
    copy_in([landlord("a'b"), landlord("c"), landlord("d")])

    assert set(
        Landlord.objects.filter(any_of(Landlord, "reference", ["a'b", "d", "x"])).values_list("reference", flat=True)
    ) == {
        "a'b",
        "d",
    }
    assert not Landlord.objects.filter(any_of(Landlord, "reference", [])).exists()
    assert not Landlord.objects.filter(any_of(Landlord, "nino_index", [b"\0" * 32])).exists()
