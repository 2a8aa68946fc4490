"""The standing cast: two agencies, alpha and beta, and an outsider. Made once a session; every test is rolled back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck, settings

from tenants.db import connection
from tenants.models import Agency
from tests.cast import ALPHA, BETA, Cast

# How long one example takes says nothing where several processes share the cores.
settings.register_profile("ci", derandomize=False, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database, with both agencies committed.

    In place of pytest-django's, which makes none unless some test asks for `db`: some only want what is committed.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        _make_agencies()
        connection.close()
    yield
    with django_db_blocker.unblock():
        _end_other_sessions()
        teardown_databases(made, verbosity=0)


def _end_other_sessions() -> None:
    # Of a thread, or of a process that was killed in a test: PostgreSQL may not have noticed yet.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    connection.close()


def _make_agencies() -> None:
    from tenants.provisioning import create_agency
    from tenants.vault.check import check_ring

    connection.set_schema_to_public()
    for ring in ("data", "token"):
        check_ring(ring)
    for cast in (ALPHA, BETA):
        agency = create_agency(name=cast.name, host=cast.host)
        agency.return_urls = agency.allowed_origins = [cast.front_end]
        agency.front_end_url = cast.front_end
        agency.save()


@pytest.fixture(autouse=True)
def _public_again() -> Iterator[None]:
    yield
    connection.set_schema_to_public()


@pytest.fixture
def alpha(db: None) -> Agency:
    """The agency that most tests are about."""
    cache.clear()
    return _agency(ALPHA)


@pytest.fixture
def alpha_committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Agency]:
    """Alpha outside any test transaction, for what needs several connections. The test cleans up after itself."""
    with django_db_blocker.unblock():
        yield _agency(ALPHA)
        connection.close()


@pytest.fixture
def beta(db: None) -> Agency:
    """The other agency."""
    return _agency(BETA)


@pytest.fixture
def in_alpha(alpha: Agency) -> Iterator[Agency]:
    """Inside alpha's schema; rolled back at the end."""
    connection.set_tenant(alpha)
    yield alpha
    connection.set_schema_to_public()


@pytest.fixture
def now() -> datetime:
    return NOON


def _agency(cast: Cast) -> Agency:
    agency: Agency = Agency.objects.get(domains__domain=cast.host)
    return agency
