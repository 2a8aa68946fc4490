"""Which agency is meant: by host, by credential on any host; the two may not disagree."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tenants import credentials
from tenants.errors import AgencySuspended, CredentialUnknown, WrongAgency
from tenants.ids import new_id
from tenants.models import Agency, Domain
from tenants.resolve import resolve
from tests.cast import ALPHA, BETA


def _key(agency: Agency, expires_at: datetime | None = None) -> str:
    return credentials.mint(prefix="qd_test", subject_id=new_id(), agency=agency, expires_at=expires_at)


@pytest.fixture
def demo(alpha: Agency, settings: Any) -> Agency:
    """Alpha, as if it were the demo agency."""
    Domain.objects.create(domain=settings.DEMO_HOST, tenant=alpha, is_primary=False)
    return alpha


@pytest.mark.parametrize("host", [ALPHA.host, ALPHA.host.upper()])
def test_a_host_names_its_agency(host: str, alpha: Agency, now: datetime) -> None:
    asking = resolve(host=host, bearer=None, now=now)

    assert (asking.agency, asking.credential, asking.by_default) == (alpha, None, False)


@pytest.mark.parametrize("host", ["connect.example.org", "localhost", ALPHA.host])
def test_a_key_names_its_agency_on_any_host(host: str, alpha: Agency, now: datetime) -> None:
    asking = resolve(host=host, bearer=_key(alpha), now=now)

    assert asking.agency == alpha
    assert asking.credential is not None


def test_a_key_at_another_agencys_host_is_refused(alpha: Agency, beta: Agency, now: datetime) -> None:
    with pytest.raises(WrongAgency):
        resolve(host=BETA.host, bearer=_key(alpha), now=now)


def test_a_key_that_has_expired_is_unknown_even_at_the_right_host(alpha: Agency, now: datetime) -> None:
    with pytest.raises(CredentialUnknown):
        resolve(host=ALPHA.host, bearer=_key(alpha, now - timedelta(seconds=1)), now=now)


def test_a_host_of_nobody_is_no_agency(db: None, now: datetime) -> None:
    asking = resolve(host="nobody.example.org", bearer=None, now=now)

    assert (asking.agency, asking.credential) == (None, None)


@pytest.mark.parametrize("by", ["host", "key"])
def test_a_suspended_agency_is_refused_however_it_is_named(by: str, alpha: Agency, now: datetime) -> None:
    key = _key(alpha)
    Agency.objects.filter(pk=alpha.pk).update(status="suspended")

    host, bearer = (ALPHA.host, None) if by == "host" else ("localhost", key)

    with pytest.raises(AgencySuspended):
        resolve(host=host, bearer=bearer, now=now)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_on_ones_own_machine_a_bare_loopback_name_means_the_demo_agency(host: str, demo: Agency, now: datetime) -> None:
    asking = resolve(host=host, bearer=None, now=now)

    assert (asking.agency, asking.by_default) == (demo, True)


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_elsewhere_there_is_no_demo_agency(environment: str, demo: Agency, now: datetime, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name=environment)

    assert resolve(host="localhost", bearer=None, now=now).agency is None


def test_on_loopback_the_key_decides(demo: Agency, beta: Agency, now: datetime) -> None:
    assert resolve(host="127.0.0.1", bearer=_key(beta), now=now).agency == beta


def test_an_operators_key_is_of_no_agency(db: None, now: datetime) -> None:
    key = credentials.mint(prefix="qdo", subject_id=new_id(), agency=None, expires_at=None)

    asking = resolve(host="connect.example.org", bearer=key, now=now)

    assert asking.agency is None
    assert asking.credential is not None
