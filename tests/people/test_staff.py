"""Inviting staff, giving them roles, letting them go."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection
from django.test import TestCase

from people import staff
from people.errors import EmailTaken, LastOwner, OwnersOnly, PasswordIsPersonal
from people.models import Session, User
from people.principal import SYSTEM, Principal, PrincipalKind
from people.scopes import KEY_SCOPES, Scope
from tenants.context import tenant
from tenants.faults import Fault, Invalid, NotFound
from tenants.models import Agency
from tests.people.clients import NEW_PASSWORD, AppClient, BrowserClient
from tests.people.conftest import TODAY, Hire, principal

OPERATOR = Principal(PrincipalKind.OPERATOR, uuid4(), frozenset({Scope.OPERATOR}))
API_KEY = Principal(PrincipalKind.API_KEY, uuid4(), KEY_SCOPES)


def invite(email: str = "new@alpha.example", role: str = "member", full_name: str = "", by: Principal = SYSTEM) -> User:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return staff.invite_staff(email=email, role=role, full_name=full_name, invited_by=by, now=TODAY)


@pytest.mark.usefixtures("in_alpha")
class TestInviting:
    def test_makes_a_person_with_a_verified_address_and_no_password(self) -> None:
        user = invite(" New.Person@Alpha.Example ", full_name=" New Person ")

        user.refresh_from_db()
        assert (user.email, user.full_name, user.role) == ("new.person@alpha.example", "New Person", "member")
        assert not user.has_usable_password()
        assert EmailAddress.objects.get(user=user).verified

    def test_mails_a_link_to_the_agency_s_front_end(self, alpha: Agency, mailoutbox: list[EmailMessage]) -> None:
        Agency.objects.filter(pk=alpha.pk).update(front_end_url="https://lets.alpha.example")

        with tenant(alpha.pk):
            invite(full_name="New Person")

        assert mailoutbox[0].subject == f"[{alpha.name}] Choose your password"
        assert "Hello New Person" in mailoutbox[0].body
        assert "https://lets.alpha.example/staff/password/reset/" in mailoutbox[0].body
        assert "until 25 November 2026, 12:00 (UTC)" in mailoutbox[0].body

    def test_leads_to_a_password_and_a_session(self, browser: BrowserClient, mailoutbox: list[EmailMessage]) -> None:
        user = invite()
        key = re.findall(r"/staff/password/reset/(\S+)", str(mailoutbox[0].body))[0]
        browser.open_page()

        before = browser.sign_in(user.email, "")
        browser.call("POST", "auth/password/reset", {"key": key, "password": NEW_PASSWORD})
        after = browser.sign_in(user.email, NEW_PASSWORD)

        assert (before.status_code, after.status_code) == (400, 200)
        assert browser.is_signed_in()

    def test_mails_nothing_if_it_is_taken_back(self, mailoutbox: list[EmailMessage]) -> None:
        with TestCase.captureOnCommitCallbacks() as wanted:
            staff.invite_staff(email="new@alpha.example", role="member", invited_by=SYSTEM, now=TODAY)

        assert (len(wanted), mailoutbox) == (1, [])

    @pytest.mark.parametrize("again", ["new@alpha.example", "NEW@Alpha.example"])
    def test_is_refused_for_an_address_that_is_taken(self, again: str, mailoutbox: list[EmailMessage]) -> None:
        invite("new@alpha.example")

        with pytest.raises(EmailTaken):
            invite(again)

        assert len(mailoutbox) == 1
        assert User.objects.filter(email="new@alpha.example").count() == 1

    @pytest.mark.parametrize(
        ("given", "pointers"),
        [
            ({"email": "not an address"}, {"/email"}),
            ({"email": ""}, {"/email"}),
            ({"email": "a" * 250 + "@alpha.example"}, {"/email"}),
            ({"role": "emperor"}, {"/role"}),
            ({"role": "emperor", "email": "x"}, {"/email", "/role"}),
            ({"full_name": "n" * 201}, {"/full_name"}),
        ],
    )
    def test_says_all_that_is_wrong(self, given: dict[str, str], pointers: set[str]) -> None:
        with pytest.raises(Invalid) as refused:
            invite(**given)  # type: ignore[arg-type]

        assert {fault.pointer for fault in refused.value.errors} == pointers
        assert not User.objects.exists()

    def test_of_an_owner_is_for_owners(self, olive: User, hire: Hire) -> None:
        admin = hire("admin")

        for by in (principal(admin), API_KEY):
            with pytest.raises(OwnersOnly):
                invite(role="owner", by=by)

        assert invite("one@alpha.example", role="owner", by=principal(olive)).role == "owner"

    @pytest.mark.parametrize("by", [SYSTEM, OPERATOR])
    def test_of_the_first_owner_is_for_who_made_the_agency(self, by: Principal) -> None:
        assert invite(role="owner", by=by).role == "owner"


@pytest.mark.usefixtures("in_alpha")
class TestChangingARole:
    def test_gives_other_scopes_at_once(self, olive: User, mo: User) -> None:
        staff.change_role(user_id=mo.pk, role="read-only", by=principal(olive))

        mo.refresh_from_db()
        assert (mo.role, Scope.LANDLORDS_WRITE in mo.scopes) == ("read-only", False)

    @pytest.mark.parametrize(("before", "after"), [("member", "owner"), ("owner", "member")])
    def test_to_or_from_owner_is_for_owners(self, olive: User, hire: Hire, before: str, after: str) -> None:
        admin, other = hire("admin"), hire(before)

        with pytest.raises(OwnersOnly):
            staff.change_role(user_id=other.pk, role=after, by=principal(admin))

        assert staff.change_role(user_id=other.pk, role=after, by=principal(olive)).role == after

    def test_of_the_last_owner_is_refused(self, olive: User, mo: User) -> None:
        with pytest.raises(LastOwner):
            staff.change_role(user_id=olive.pk, role="admin", by=principal(olive))

        olive.refresh_from_db()
        assert olive.role == "owner"

    def test_of_the_last_owner_to_owner_changes_nothing(self, olive: User) -> None:
        assert staff.change_role(user_id=olive.pk, role="owner", by=principal(olive)).role == "owner"

    def test_does_not_count_an_owner_who_was_let_go(self, olive: User, hire: Hire) -> None:
        gone = hire("owner")
        staff.deactivate(user_id=gone.pk, by=principal(olive))

        with pytest.raises(LastOwner):
            staff.change_role(user_id=olive.pk, role="admin", by=principal(olive))

    def test_refuses_a_role_that_is_none(self, olive: User, mo: User) -> None:
        with pytest.raises(Invalid):
            staff.change_role(user_id=mo.pk, role="emperor", by=principal(olive))

    def test_finds_nobody_of_another_agency(self, olive: User, beta: Agency) -> None:
        with tenant(beta):
            theirs = invite("theirs@beta.example")

        with pytest.raises(NotFound):
            staff.change_role(user_id=theirs.pk, role="admin", by=principal(olive))


@pytest.mark.usefixtures("in_alpha")
class TestLettingGo:
    def test_ends_every_session(self, app: AppClient, browser: BrowserClient, olive: User, mo: User) -> None:
        browser.open_page()
        browser.sign_in(mo.email)
        app.sign_in(mo.email)

        staff.deactivate(user_id=mo.pk, by=principal(olive))

        assert not Session.objects.filter(user_id=mo.pk).exists()
        assert (app.is_signed_in(), browser.is_signed_in()) == (False, False)

    def test_leaves_the_others_signed_in(self, app: AppClient, olive: User, mo: User) -> None:
        app.sign_in(olive.email)

        staff.deactivate(user_id=mo.pk, by=principal(olive))

        assert app.is_signed_in()

    def test_is_in_force_even_where_a_session_was_missed(self, app: AppClient, olive: User, mo: User) -> None:
        app.sign_in(mo.email)
        User.objects.filter(pk=mo.pk).update(is_active=False)

        assert not app.is_signed_in()

    def test_of_an_owner_is_for_owners(self, olive: User, hire: Hire) -> None:
        admin, other = hire("admin"), hire("owner")

        with pytest.raises(OwnersOnly):
            staff.deactivate(user_id=other.pk, by=principal(admin))

        assert not staff.deactivate(user_id=other.pk, by=principal(olive)).is_active

    def test_of_the_last_owner_is_refused(self, olive: User) -> None:
        with pytest.raises(LastOwner):
            staff.deactivate(user_id=olive.pk, by=principal(olive))

        olive.refresh_from_db()
        assert olive.is_active

    def test_of_nobody_is_not_found(self, olive: User) -> None:
        with pytest.raises(NotFound):
            staff.deactivate(user_id=uuid4(), by=principal(olive))


@pytest.mark.usefixtures("in_alpha")
class TestSettingAPassword:
    def test_is_refused_outside_local(self, mo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("people.staff.settings.HMRC", _Elsewhere())

        with pytest.raises(PasswordIsPersonal):
            staff.set_password(user_id=mo.pk, password=NEW_PASSWORD)

    def test_for_nobody_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            staff.set_password(user_id=uuid4(), password=NEW_PASSWORD)


class _Elsewhere:
    name = "production"


@pytest.fixture
def two_owners(alpha_committed: Agency) -> Iterator[tuple[UUID, UUID]]:
    """Alpha's only owners, committed, so that two connections see them; gone again afterwards."""
    with tenant(alpha_committed):
        owners = invite("first@alpha.example", "owner"), invite("second@alpha.example", "owner")
        yield owners[0].pk, owners[1].pk
        User.objects.filter(pk__in=[owner.pk for owner in owners]).delete()


class TestTwoLastOwners:
    def test_cannot_let_each_other_go_at_once(self, alpha_committed: Agency, two_owners: tuple[UUID, UUID]) -> None:
        together = Barrier(2)

        def let_go(user_id: UUID) -> type[Fault] | None:
            try:
                with tenant(alpha_committed):
                    together.wait(timeout=10)
                    staff.deactivate(user_id=user_id, by=SYSTEM)
            except Fault as fault:
                return type(fault)
            finally:
                connection.close()
            return None

        with ThreadPoolExecutor(2) as pool:
            outcomes = set(pool.map(let_go, two_owners))

        with tenant(alpha_committed):
            still_here = User.objects.filter(role="owner", is_active=True).count()
        assert (outcomes, still_here) == ({None, LastOwner}, 1)
