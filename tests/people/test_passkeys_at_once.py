"""Two requests at the same moment, on connections of their own: an answer serves once, and so does a counter."""

import secrets
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from allauth.mfa.models import Authenticator

from people import staff
from people.models import Session, User
from people.principal import SYSTEM
from tenants.models import Agency
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.people.clients import PASSWORD, AppClient, BrowserClient, StaffClient
from tests.people.conftest import TODAY
from tests.people.passkeys import ADD, ALONE, Passkey, add_passkey, creation, request

MANY = 4
HOST = "alpha.localhost"


@pytest.fixture
def agency(alpha_committed: Agency) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


@pytest.fixture
def pia(agency: Agency) -> Iterator[User]:
    """Of alpha's staff, committed, and gone afterwards with all that is hers."""
    email = f"pia.{secrets.token_hex(4)}@alpha.example"
    user = staff.invite_staff(email=email, role="member", invited_by=SYSTEM, now=TODAY)
    staff.set_password(user_id=user.pk, password=PASSWORD)
    yield user
    Session.objects.all().delete()
    user.delete()


def app(agency: Agency, token: str = "") -> AppClient:
    client = AppClient(agency, HOST)
    client.token = token
    return client


def apps_of_one_session(agency: Agency) -> list[StaffClient]:
    first = app(agency)
    request(first)
    return [app(agency, first.token) for _ in range(MANY)]


def tabs_of_one_browser(agency: Agency) -> list[StaffClient]:
    first = BrowserClient(agency, HOST)
    first.open_page()
    request(first)
    tabs: list[StaffClient] = [BrowserClient(agency, HOST) for _ in range(MANY)]
    for tab in tabs:
        tab.wire.cookies = SimpleCookie(first.wire.cookies)
    return tabs


def post(agency: Agency, path: str, sent: list[tuple[StaffClient, object]]) -> list[object]:
    """Each its credential, at once; the statuses, sorted."""
    works = [lambda who=who, what=what: who.call("POST", path, {"credential": what}).status_code for who, what in sent]
    return sorted(at_once(agency, *works), key=str)


def test_of_two_sign_ins_with_the_same_count_one_is_a_copy_s(agency: Agency, pia: User) -> None:
    passkey = Passkey()
    number = add_passkey(app(agency), pia, passkey)
    clients = [app(agency) for _ in range(MANY)]

    statuses = post(agency, ALONE, [(each, passkey.signed(request(each), counter=9)) for each in clients])

    assert statuses == [200] + [400] * (MANY - 1)
    assert Authenticator.objects.get(pk=number).data["counter"] == 9


@pytest.mark.parametrize("holders", [apps_of_one_session, tabs_of_one_browser])
def test_one_answer_opens_once_though_its_passkey_counts_nothing(
    agency: Agency, pia: User, holders: Callable[[Agency], list[StaffClient]]
) -> None:
    passkey = Passkey(counts=False)
    add_passkey(app(agency), pia, passkey)
    clients = holders(agency)
    answer = passkey.signed(request(clients[0]))

    statuses = post(agency, ALONE, [(each, answer) for each in clients])

    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 410}  # 410: the session that asked was ended by the one that opened
    assert [each.is_signed_in() for each in clients].count(True) == 1


def test_one_answer_adds_one_passkey(agency: Agency, pia: User) -> None:
    first = app(agency)
    add_passkey(first, pia, Passkey())
    answer = Passkey().made(creation(first))

    statuses = post(agency, ADD, [(app(agency, first.token), answer) for _ in range(MANY)])

    assert statuses == [200] + [400] * (MANY - 1)
    assert Authenticator.objects.filter(user=pia, type="webauthn").count() == 2
