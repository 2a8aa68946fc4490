"""Nobody gives more than they may do themselves, and nobody leads an owner astray."""

from collections.abc import Callable

import pytest

from people.scopes import Scope
from tenants.models import Agency
from tests.api.callers import Caller, key_caller, problem
from tests.api.world import row_counts
from tests.cast import ALPHA

SignIn = Callable[[str], Caller]


@pytest.fixture
def administering(alpha: Agency) -> Caller:
    """A key that may administer the agency and do nothing else."""
    return key_caller(alpha, host=ALPHA.host, scopes=frozenset({Scope.AGENCY_ADMIN}))


@pytest.mark.parametrize("role", ["admin", "member", "read-only"])
def test_a_narrow_key_invites_nobody_who_may_do_more(administering: Caller, alpha: Agency, role: str) -> None:
    before = row_counts(alpha)

    answer = administering.post("staff", {"email": "eve@evil.example", "role": role})

    assert problem(answer) == (403, "api_key.scope_not_yours")
    assert row_counts(alpha) == before


def test_an_admin_invites_admins_and_no_owners(signed_in: SignIn) -> None:
    admin = signed_in("admin")

    assert admin.post("staff", {"email": "ann@alpha.example", "role": "admin"}).status_code == 201
    assert problem(admin.post("staff", {"email": "eve@evil.example", "role": "owner"})) == (403, "staff.owners_only")


def test_only_an_owner_says_where_links_that_choose_a_password_lead(
    signed_in: SignIn, administering: Caller, machine: Caller
) -> None:
    elsewhere = {"front_end_url": "https://evil.example"}

    answers = [problem(caller.patch("agency", elsewhere)) for caller in (administering, machine, signed_in("admin"))]

    assert answers == [(403, "staff.owners_only")] * 3
    assert machine.get("agency").json()["front_end_url"] == ALPHA.front_end


def test_an_owner_does(signed_in: SignIn) -> None:
    answer = signed_in("owner").patch("agency", {"front_end_url": "https://alpha.example/new"})

    assert (answer.status_code, answer.json()["front_end_url"]) == (200, "https://alpha.example/new")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_no_agency_gets_the_host_of_ones_own_machine_or_of_hmrcs_redirect(operator: Caller, host: str) -> None:
    answer = operator.post("agencies", {"name": "Eve", "host": host, "owner": "eve@evil.example"})

    assert answer.status_code in {409, 422}
