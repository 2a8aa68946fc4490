"""Sealed fields: a value opens in its own cell and nowhere else, and shows itself to nobody."""

import copy
import pickle
from itertools import permutations
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F

from hmrc_oauth.models import Grant
from landlords import records
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.errors import SealBroken
from tenants.ids import new_id
from tenants.models import Agency
from tenants.vault import Purpose, Sealed, open_value, seal_value
from tests.api.world import TODAY, connect
from tests.cast import NINO, OTHER_NINO

ONE, OTHER = UUID(int=1), UUID(int=2)
CELLS = [
    (label, row, version)
    for label in ("landlord.nino", "connect_session.nino")
    for row in (ONE, OTHER)
    for version in (None, 1, 2)
]


def _landlord(nino: str = NINO) -> Landlord:
    made = records.create(by=SYSTEM, given={"full_name": "Lena", "nino": nino}, now=TODAY)
    return Landlord.objects.get(pk=made.pk)


def _read(value: Sealed) -> str:
    with value.open(reason="test") as plaintext:
        return plaintext


def test_a_value_opens_in_its_own_cell_and_in_no_other(in_alpha: Agency) -> None:
    sealed = {
        cell: seal_value(f"of {cell}", purpose=Purpose.PII, label=cell[0], row=cell[1], version=cell[2])
        for cell in CELLS
    }

    for label, row, version in CELLS:
        opened = open_value(sealed[label, row, version], purpose=Purpose.PII, label=label, row=row, version=version)
        assert opened == f"of {(label, row, version)}"
    for here, there in permutations(CELLS, 2):
        with pytest.raises(SealBroken):
            open_value(sealed[here], purpose=Purpose.PII, label=there[0], row=there[1], version=there[2])


def test_a_value_of_one_agency_opens_in_no_other(alpha: Agency, beta: Agency) -> None:
    with tenant(alpha):
        sealed = seal_value(NINO, purpose=Purpose.PII, label="landlord.nino", row=ONE)

    with tenant(beta), pytest.raises(SealBroken):
        open_value(sealed, purpose=Purpose.PII, label="landlord.nino", row=ONE)


def test_a_value_of_one_purpose_opens_under_no_other(in_alpha: Agency) -> None:
    sealed = seal_value("code", purpose=Purpose.FLOW, label="connect_session.code", row=ONE)

    for purpose in set(Purpose) - {Purpose.FLOW}:
        with pytest.raises(SealBroken):
            open_value(sealed, purpose=purpose, label="connect_session.code", row=ONE)


def test_a_ciphertext_moved_to_another_row_is_refused(in_alpha: Agency) -> None:
    first, second = _landlord(), _landlord(OTHER_NINO)
    Landlord.objects.filter(pk=second.pk).update(nino=first.nino)

    moved = Landlord.objects.get(pk=second.pk)

    with pytest.raises(SealBroken):
        _read(moved.nino)


def test_access_and_refresh_token_can_not_be_swapped(in_alpha: Agency) -> None:
    grant = connect(_landlord(), now=TODAY)
    Grant.objects.filter(pk=grant.pk).update(access_token=F("refresh_token"), refresh_token=F("access_token"))

    swapped = Grant.objects.get(pk=grant.pk)

    for value in (swapped.access_token, swapped.refresh_token):
        with pytest.raises(SealBroken):
            _read(value)


def test_yesterdays_token_can_not_be_put_back_beside_todays_version(in_alpha: Agency) -> None:
    grant = connect(_landlord(), now=TODAY)
    assert _read(Grant.objects.get(pk=grant.pk).refresh_token) == "a-refresh-token"

    Grant.objects.filter(pk=grant.pk).update(token_version=F("token_version") + 1)

    with pytest.raises(SealBroken):
        _read(Grant.objects.get(pk=grant.pk).refresh_token)


def test_a_value_sealed_for_the_version_to_come_opens_with_it(in_alpha: Agency) -> None:
    grant = connect(_landlord(), now=TODAY)
    fresh = grant.seal("refresh_token", "the-next", version=2)

    Grant.objects.filter(pk=grant.pk).update(refresh_token=fresh, token_version=2)

    assert _read(Grant.objects.get(pk=grant.pk).refresh_token) == "the-next"


@pytest.mark.parametrize("raw", [NINO, NINO.encode(), b"", 5, memoryview(b"x")])
def test_what_is_not_sealed_can_not_be_assigned(raw: object, in_alpha: Agency) -> None:
    landlord = _landlord()

    with pytest.raises(TypeError, match="seal the value before assigning it"):
        landlord.nino = raw
    with pytest.raises(TypeError, match="seal the value before assigning it"):
        Landlord(full_name="Otto", nino=raw)


@pytest.mark.parametrize("raw", [NINO, NINO.encode()])
def test_what_is_not_sealed_can_not_be_written_past_the_instance(raw: object, in_alpha: Agency) -> None:
    landlord = _landlord()

    with pytest.raises(TypeError, match="seal the value before storing it"):
        Landlord.objects.filter(pk=landlord.pk).update(nino=raw)
    with pytest.raises(TypeError, match="seal the value before storing it"):
        Landlord.objects.filter(nino=raw).exists()


def test_plaintext_planted_in_the_table_is_refused(in_alpha: Agency) -> None:
    landlord = _landlord()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE landlords_landlord SET nino = %s WHERE id = %s", [NINO.encode(), landlord.pk])

    planted = Landlord.objects.get(pk=landlord.pk)

    with pytest.raises(SealBroken):
        _read(planted.nino)


def test_a_sealed_value_shows_where_it_belongs_and_never_what_it_is(in_alpha: Agency) -> None:
    landlord = _landlord()

    shown = [repr(landlord.nino), str(landlord.nino), f"{landlord.nino}", repr(vars(landlord)), repr(landlord)]

    assert shown[:3] == ["<Sealed landlord.nino>"] * 3
    assert not [text for text in shown if NINO in text or landlord.nino.blob.hex() in text]
    assert "<Blob>" in shown[3]


def test_a_broken_seal_says_nothing_of_the_value(in_alpha: Agency) -> None:
    landlord, other = _landlord(), _landlord(OTHER_NINO)
    landlord.nino = other.nino

    with pytest.raises(SealBroken) as caught:
        _read(landlord.nino)

    assert NINO not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None


def test_a_deferred_field_is_sealed_when_it_is_loaded(in_alpha: Agency) -> None:
    pk = _landlord().pk

    landlord = Landlord.objects.defer("nino").get(pk=pk)

    assert "nino" in landlord.get_deferred_fields()
    assert _read(landlord.nino) == NINO


def test_loading_a_row_opens_nothing(in_alpha: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    _landlord()
    monkeypatch.setattr("tenants.vault.fields.open_value", _must_not_be_called)

    assert [repr(landlord.nino) for landlord in Landlord.objects.all()] == ["<Sealed landlord.nino>"]


def test_an_empty_field_stays_empty(in_alpha: Agency) -> None:
    made = records.create(by=SYSTEM, given={"full_name": "Otto"}, now=TODAY)

    assert Landlord.objects.get(pk=made.pk).nino is None


def test_only_a_sealed_field_can_be_sealed_for(in_alpha: Agency) -> None:
    with pytest.raises(TypeError, match="full_name is not a sealed field"):
        Landlord(id=new_id()).seal("full_name", "Lena")


def test_a_copied_row_keeps_its_seal(in_alpha: Agency) -> None:
    landlord = _landlord()

    for twin in (copy.copy(landlord), pickle.loads(pickle.dumps(landlord))):
        assert _read(twin.nino) == NINO


def test_two_sealed_values_are_equal_only_if_they_are_the_same_bytes(in_alpha: Agency) -> None:
    landlord = _landlord()

    assert landlord.nino == Landlord.objects.get(pk=landlord.pk).nino
    assert landlord.nino != landlord.seal("nino", NINO)


def _must_not_be_called(*_: object, **__: object) -> None:
    raise AssertionError("a value was opened")
