"""The blind index: equal numbers meet within an agency, and nowhere else."""

import hashlib

import pytest

from landlords.models import Landlord
from tenants.context import tenant
from tenants.errors import UnknownHost
from tenants.models import Agency
from tenants.vault import blind_index
from tests.cast import NINO, OTHER_NINO


def test_the_same_number_has_the_same_index_in_an_agency(in_alpha: Agency) -> None:
    assert blind_index("nino", NINO) == blind_index("nino", NINO)
    assert blind_index("nino", NINO) != blind_index("nino", OTHER_NINO)


def test_the_same_number_has_different_indexes_in_two_agencies(alpha: Agency, beta: Agency) -> None:
    indexes = set()
    for agency in (alpha, beta):
        with tenant(agency):
            indexes.add(blind_index("nino", NINO))

    assert len(indexes) == 2


def test_two_kinds_of_value_never_meet(in_alpha: Agency) -> None:
    assert blind_index("nino", "x") != blind_index("utr", "x")
    assert blind_index("nino", "") != blind_index("", "nino")


def test_an_index_is_no_plain_hash(in_alpha: Agency) -> None:
    plain = {hashlib.new(name, NINO.encode()).digest()[:32] for name in ("sha256", "sha3_256", "blake2s")}

    assert blind_index("nino", NINO) not in plain


def test_the_suffix_letter_does_not_tell_people_apart(in_alpha: Agency) -> None:
    assert Landlord.index_of("AA123456A") == Landlord.index_of("AA123456D")


def test_outside_every_agency_there_is_no_index(db: None) -> None:
    with pytest.raises(UnknownHost):
        blind_index("nino", NINO)
