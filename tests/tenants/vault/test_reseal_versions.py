"""Which version is sealed anew, and with which: whatever this process still has in memory."""

from datetime import datetime

import pytest

from landlords import records
from people.principal import SYSTEM
from tenants.models import Agency
from tenants.vault import Purpose, keyring, reseal, versions
from tests.leaving.scenes import NINO
from tests.tenants.vault.rotating import rotate, sealed_by

NINOS = "landlords.Landlord.nino"


@pytest.fixture
def agency(in_alpha: Agency, now: datetime) -> Agency:
    """One that holds a NINO sealed with its first key, and seals with its second by now."""
    records.create(by=SYSTEM, given={"full_name": "Lena Landlady", "nino": NINO}, now=now)
    rotate(in_alpha.pk, [Purpose.PII])
    return in_alpha


def seals_with(agency: Agency, version: int) -> None:
    """What this process has in memory to seal with."""
    key = keyring.of_version(agency.pk, Purpose.PII, version)
    keyring._cache.put((agency.pk, Purpose.PII, keyring._NEWEST), key)


def test_the_old_version_in_memory_seals_nothing_anew(agency: Agency) -> None:
    seals_with(agency, 1)

    (told,) = (each for each in reseal.reseal() if each.done)

    assert (told.done, sealed_by()[NINOS]) == (1, {2})


def test_what_a_newer_version_sealed_is_not_taken_back(agency: Agency, now: datetime) -> None:
    versions.add(agency.pk, Purpose.PII)
    seals_with(agency, 3)
    records.create(by=SYSTEM, given={"full_name": "Otto Other", "nino": "AB654321C"}, now=now)

    reseal.reseal()

    assert sealed_by()[NINOS] == {2, 3}
