"""Who asks: one look-up when the key was seen before, and nothing that allows anything is remembered."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from api.auth import SUBJECTS, CredentialAuthentication
from landlords.models import Landlord
from people.models import ApiKey
from people.principal import Principal
from people.scopes import Scope
from tenants import clock, resolve
from tenants.context import tenant
from tenants.errors import CredentialUnknown
from tenants.ids import new_id
from tenants.models import Agency, Credential
from tests.api.callers import Caller, key_caller, problem
from tests.cast import ALPHA, BETA


@pytest.fixture(autouse=True)
def _nothing_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "_seen", {})


def know(caller: Caller) -> Principal:
    """What a request goes through until it is known who asks."""
    bearer = caller.headers["Authorization"].removeprefix("Bearer ")
    asking = resolve.resolve(host=caller.host, bearer=bearer, now=clock.now(), subjects=SUBJECTS)
    assert asking.agency is not None
    with tenant(asking.agency):
        request: Any = SimpleNamespace(_request=SimpleNamespace(asking=asking))
        found = CredentialAuthentication().authenticate(request)
    assert found is not None
    principal: Principal = found[0]
    return principal


def statements(of: CaptureQueriesContext) -> list[str]:
    return [each["sql"].split()[0] for each in of.captured_queries]


@pytest.fixture
def seen(alpha_committed: Agency) -> Iterator[tuple[Caller, Landlord]]:
    """A caller whose key the process has seen before, and a landlord, outside any test transaction."""
    caller = key_caller(alpha_committed, host=ALPHA.host)
    key = know(caller)
    with tenant(alpha_committed):
        landlord = Landlord.objects.create(reference="R1", full_name="Ann")
    yield caller, landlord
    with tenant(alpha_committed):
        landlord.delete()
        ApiKey.objects.filter(pk=key.id).delete()
    Credential.objects.filter(subject_id=key.id).delete()


def test_one_statement_tells_the_agency_and_what_the_key_may(seen: tuple[Caller, Landlord]) -> None:
    first = know(seen[0])

    with CaptureQueriesContext(connection) as asked:
        again = know(seen[0])

    assert again == first
    assert statements(asked) == ["SELECT"]


def test_a_key_that_is_new_to_the_process_costs_one_more(seen: tuple[Caller, Landlord]) -> None:
    resolve._seen.clear()

    with CaptureQueriesContext(connection) as asked:
        know(seen[0])

    assert statements(asked) == ["SELECT", "SELECT"]


@pytest.mark.parametrize("path", ["landlords", "landlords/{}"])
def test_a_page_and_a_landlord_are_one_statement_more(path: str, seen: tuple[Caller, Landlord]) -> None:
    caller, landlord = seen
    caller.get(path.format(landlord.pk))

    with CaptureQueriesContext(connection) as asked:
        assert caller.get(path.format(landlord.pk)).status_code == 200

    assert statements(asked) == ["SELECT", "BEGIN", "SELECT", "COMMIT"]


def test_a_key_revoked_in_its_row_alone_is_unknown_with_the_next_request(machine: Caller, alpha: Agency) -> None:
    key = know(machine)
    with tenant(alpha):
        ApiKey.objects.filter(pk=key.id).update(revoked_at=clock.now())

    assert problem(machine.get("me")) == (401, "auth.credential_unknown")


@pytest.mark.parametrize("gone", ["the credential", "the row"])
def test_what_was_deleted_is_unknown_with_the_next_request(gone: str, machine: Caller, alpha: Agency) -> None:
    key = know(machine)
    with tenant(alpha):
        (Credential if gone == "the credential" else ApiKey).objects.all().delete()

    assert problem(machine.get("me")) == (401, "auth.credential_unknown")
    assert key.scopes


def test_scopes_that_were_changed_are_so_with_the_next_request(machine: Caller, alpha: Agency) -> None:
    key = know(machine)
    with tenant(alpha):
        ApiKey.objects.filter(pk=key.id).update(scopes=[Scope.EVENTS_READ])

    assert problem(machine.get("landlords")) == (403, "auth.scope_missing")


def test_an_agency_is_suspended_and_let_in_again_with_the_next_request(machine: Caller, alpha: Agency) -> None:
    know(machine)
    answers = []
    for status in ("suspended", "active", "leaving"):
        Agency.objects.filter(pk=alpha.pk).update(status=status)
        answers.append(machine.get("me").status_code)

    assert answers == [403, 200, 403]


def test_a_key_that_has_expired_meanwhile_is_unknown(machine: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    know(machine)
    ends = clock.now() + timedelta(hours=1)
    Credential.objects.update(expires_at=ends)
    monkeypatch.setattr(clock, "now", lambda: ends)

    assert problem(machine.get("me")) == (401, "auth.credential_unknown")


def test_the_row_of_the_same_id_in_another_agency_is_not_the_keys(machine: Caller, alpha: Agency, beta: Agency) -> None:
    key = know(machine)
    with tenant(alpha):
        twin = ApiKey.objects.get(pk=key.id)
    with tenant(beta):
        twin.scopes = [Scope.EVENTS_READ]
        twin.save(force_insert=True)

    assert know(machine).scopes == key.scopes

    Credential.objects.update(agency=beta)  # nothing of ours ever does: where it was seen last is wrong now
    machine_at_beta = Caller(BETA.host, machine.headers)
    assert know(machine_at_beta).scopes == {Scope.EVENTS_READ}


def test_where_the_schema_has_gone_an_agency_that_leaves_is_told_so(machine: Caller, alpha: Agency) -> None:
    know(machine)
    Agency.objects.filter(pk=alpha.pk).update(status="leaving")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{alpha.schema_name}" CASCADE')  # comes back at the end of the test

    assert problem(machine.get("me")) == (403, "agency.leaving")


def test_only_so_many_places_are_remembered(alpha: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "_MOST_SEEN", 2)

    for _ in range(5):
        know(key_caller(alpha, host=ALPHA.host))

    assert 1 <= len(resolve._seen) <= 2


@pytest.fixture
def held_row(seen: tuple[Caller, Landlord], alpha_committed: Agency) -> Iterator[ApiKey]:
    """Of a key, which another request has just noted to be used, and has not committed."""
    holds, over = threading.Event(), threading.Event()
    with tenant(alpha_committed):
        row = ApiKey.objects.get(pk=know(seen[0]).id)

    def hold() -> None:
        with tenant(alpha_committed), transaction.atomic():
            ApiKey.objects.filter(pk=row.pk).update(last_used_at=None)
            holds.set()
            over.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert holds.wait(10)
    yield row
    over.set()
    other.join()


def test_no_request_waits_for_another_that_notes_the_same(held_row: ApiKey, alpha_committed: Agency) -> None:
    later = clock.now() + timedelta(hours=1)
    done = threading.Event()

    def touch() -> None:
        with tenant(alpha_committed):
            held_row.touch(now=later)
        connection.close()
        done.set()

    threading.Thread(target=touch, daemon=True).start()

    assert done.wait(5), "it waits for the row"


def test_an_unknown_subject_is_refused() -> None:
    request: Any = SimpleNamespace(
        _request=SimpleNamespace(
            asking=resolve.Asking(None, Credential(kind="api_key", subject_id=new_id()), subject=None),
        )
    )

    with pytest.raises(CredentialUnknown):
        CredentialAuthentication().authenticate(request)
