"""An agency leaves: tokens, keys, tables and rows go, in this order, whoever is killed on the way, and it is proved."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from hmrc_oauth import callback
from hmrc_oauth.callback import NowhereToGo, Return
from hmrc_oauth.models import Connection, Grant, GrantStatus
from landlords import records
from landlords.models import Landlord
from leaving import off_boarding
from leaving.errors import AlreadyLeaving, NotConfirmed, TooLateToStay
from people.principal import SYSTEM
from tenants import due, resolve
from tenants.context import tenant
from tenants.errors import AgencyLeaving, SealBroken
from tenants.faults import NotFound
from tenants.models import Agency, ConnectState, Credential, Domain, Due, Ending, OffBoarding, TenantKey
from tenants.vault import keyring
from tests.api import world
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import again
from tests.leaving.scenes import NINO, NOBODY
from workers.answers import answer

NAME, HOST = ALPHA.name, ALPHA.host
STEPS = ["stopped", "tokens_destroyed", "landlords_told", "keys_destroyed", "schema_dropped", "rows_deleted"]


@pytest.fixture
def gone(alpha: Agency, time: FakeClock) -> Agency:
    """An agency with a landlord who is connected and has an address, and one who is not connected. What is dropped
    comes back with the end of the test's transaction.
    """
    made = world.build(alpha, nino=NINO, now=time.now)
    with tenant(alpha):
        Landlord.objects.filter(pk=made.landlord_id).update(email="zelda@quux.example")
        records.create(by=SYSTEM, given={"full_name": "Otto Other"}, now=time.now)
    return alpha


def plan(agency: Agency, time: FakeClock, *, wait_days: int = 0, confirm: str = NAME) -> OffBoarding:
    return off_boarding.plan(by=SYSTEM, agency_id=agency.pk, confirm=confirm, wait_days=wait_days, now=time.now)


def ring(agency: Agency) -> None:
    """As a worker would."""
    answer(due.Kind.OFF_BOARD, agency_id=agency.pk, subject_id=agency.pk)


def is_on_the_list(agency: Agency) -> Any:
    rows = Due.objects.filter(agency_id=agency.pk, kind="off_board")
    return rows.values_list("due_at", flat=True).first()


def said(leaving: OffBoarding) -> dict[str, Any]:
    """What each step counted."""
    return {each["step"]: each for each in leaving.steps}


def schema_is_there(agency: Agency) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [agency.schema_name])
        return bool(cursor.fetchone()[0])


@pytest.fixture
def done(gone: Agency, time: FakeClock) -> OffBoarding:
    plan(gone, time)
    ring(gone)
    return OffBoarding.objects.get(agency_id=gone.pk)


class TestAnAgencyThatHasLeft:
    def test_has_nothing_here_any_more(self, gone: Agency, done: OffBoarding) -> None:
        assert not schema_is_there(gone)
        assert not Agency.objects.filter(pk=gone.pk).exists()
        assert not Domain.objects.filter(domain=HOST).exists()
        for model in (TenantKey, Credential, ConnectState, Due, Ending):
            assert not model._default_manager.filter(agency_id=gone.pk).exists()

    def test_was_destroyed_keys_before_data(self, done: OffBoarding) -> None:
        assert done.done == STEPS
        keys = said(done)["keys_destroyed"]["keys"]
        assert {key["purpose"] for key in keys} == {"flow", "token", "pii", "index"}
        assert {key["wrapped_by"] for key in keys} == {"test"}

    def test_has_a_certificate_that_says_what_was_destroyed(self, done: OffBoarding, time: FakeClock) -> None:
        certificate = dict(done.certificate or {})

        assert (done.status, certificate["finished_at"]) == ("done", time.now.isoformat())
        assert certificate["agency"] == {"id": str(done.agency_id), "name": NAME, "hosts": [HOST]}
        destroyed = said(done)
        assert certificate["destroyed"] == done.steps
        assert destroyed["tokens_destroyed"]["grants_without_tokens"] == 1
        assert destroyed["landlords_told"]["landlords_told"] == 1
        assert len(destroyed["landlords_told"]["audit_trail"]["chain"]) == 64
        assert destroyed["schema_dropped"]["rows"]["landlords_landlord"] == 2
        assert destroyed["rows_deleted"]["rows"]["tenants_agency"] == 1
        assert "Backups" in certificate["not_covered"]
        digest = certificate.pop("sha256")
        text = json.dumps(certificate, sort_keys=True, separators=(",", ":"))
        assert digest == hashlib.sha256(text.encode()).hexdigest()

    def test_has_told_its_landlords_where_hmrc_lists_the_authority(self, done: OffBoarding) -> None:
        (sent,) = mail.outbox
        assert (sent.to, f"{NAME} is no longer connected" in sent.body) == (["zelda@quux.example"], True)

    def test_leaves_its_host_to_whoever_comes(self, done: OffBoarding, time: FakeClock) -> None:
        assert resolve.resolve(host=HOST, bearer=None, now=time.now).agency is None

    def test_is_nothing_to_do_for_a_bell_that_rings_late(self, gone: Agency, done: OffBoarding) -> None:
        answer(due.Kind.OFF_BOARD, agency_id=gone.pk, subject_id=gone.pk)

        with pytest.raises(NotFound):
            off_boarding.plan(by=SYSTEM, agency_id=gone.pk, confirm="", wait_days=0, now=done.asked_at)
        with pytest.raises(NotFound):
            off_boarding.call_off(by=SYSTEM, agency_id=gone.pk, now=done.asked_at)


class TestAnAgencyThatIsToLeave:
    def test_goes_on_until_then(self, gone: Agency, time: FakeClock) -> None:
        planned = plan(gone, time, wait_days=30)

        ring(gone)

        assert (planned.status, planned.begins_at) == ("planned", time.now + timedelta(days=30))
        assert (again(gone).is_active, is_on_the_list(gone)) == (True, planned.begins_at)
        time.advance(days=30)
        ring(gone)
        assert off_boarding.get(agency_id=gone.pk).status == "done"

    def test_may_stay_after_all(self, gone: Agency, time: FakeClock) -> None:
        plan(gone, time, wait_days=1)

        kept = off_boarding.call_off(by=SYSTEM, agency_id=gone.pk, now=time.now)

        assert (kept.status, is_on_the_list(gone)) == ("called_off", None)
        time.advance(days=2)
        ring(gone)
        assert again(gone).is_active
        assert plan(gone, time).called_off_at is None

    def test_by_its_name_only_and_once(self, gone: Agency, time: FakeClock) -> None:
        with pytest.raises(NotConfirmed):
            plan(gone, time, confirm=NAME.lower())
        plan(gone, time, wait_days=1)
        with pytest.raises(AlreadyLeaving):
            plan(gone, time)

    def test_is_an_agency(self, db: None, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            off_boarding.plan(by=SYSTEM, agency_id=NOBODY, confirm="", wait_days=0, now=time.now)
        with pytest.raises(NotFound):
            off_boarding.get(agency_id=NOBODY)

    def test_that_is_not_planned_any_more_is_taken_off_the_list(self, gone: Agency, time: FakeClock) -> None:
        with tenant(gone):
            due.put(kind=due.Kind.OFF_BOARD, subject_id=gone.pk, lane=due.Lane.BACKGROUND)

        ring(gone)

        assert (again(gone).is_active, is_on_the_list(gone)) == (True, None)


class TestOnTheWay:
    @pytest.fixture
    def begun(self, gone: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Agency:
        """The first letter can't be sent, and so it stands there."""
        plan(gone, time)
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "open", _no_server)
            ring(gone)
        return gone

    def test_no_token_is_left_before_anybody_is_told(self, begun: Agency) -> None:
        with tenant(begun):
            assert {grant.status for grant in Grant.objects.all()} == {GrantStatus.WIPED}
            assert {each.state for each in Connection.objects.exclude(told_at=None)} == set()
        assert off_boarding.get(agency_id=begun.pk).done == STEPS[:2]
        assert off_boarding.get(agency_id=begun.pk).status == "under_way"

    def test_it_comes_back_until_the_letters_are_sent(self, begun: Agency, time: FakeClock) -> None:
        assert is_on_the_list(begun) == time.now + timedelta(seconds=30)
        time.advance(minutes=2)

        ring(begun)

        assert len(mail.outbox) == 1
        assert off_boarding.get(agency_id=begun.pk).status == "done"

    def test_it_does_not_wait_for_ever_for_a_mail_server(
        self, begun: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EmailBackend, "open", _no_server)
        for _ in range(60):
            time.advance(minutes=30)
            ring(begun)

        assert off_boarding.get(agency_id=begun.pk).status == "done"

    def test_its_api_is_closed_and_says_why(self, begun: Agency, time: FakeClock) -> None:
        with pytest.raises(AgencyLeaving):
            resolve.resolve(host=HOST, bearer=None, now=time.now)

    def test_nothing_else_is_done_for_it(self, begun: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[object] = []
        monkeypatch.setattr("mtd.filing.run", lambda **given: seen.append(given))

        answer(due.Kind.SUBMIT, agency_id=begun.pk, subject_id=NOBODY)

        assert seen == []

    def test_hmrcs_return_leads_nowhere(self, begun: Agency, time: FakeClock) -> None:
        state = ConnectState.objects.filter(agency_id=begun.pk)
        state.update(digest=hashlib.sha256(b"the-state").digest())

        with pytest.raises(NowhereToGo):
            callback.land(given=Return(state="the-state", code="code", error="", error_code=""), now=time.now)

    def test_there_is_no_way_back(self, begun: Agency, time: FakeClock) -> None:
        with pytest.raises(TooLateToStay):
            off_boarding.call_off(by=SYSTEM, agency_id=begun.pk, now=time.now)


def test_whoever_dies_in_or_after_any_step_is_followed_by_another(
    gone: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(gone, time)
    for at in STEPS[:5]:
        step = off_boarding._STEPS[at]
        dying = {**off_boarding._STEPS, at: step._replace(act=_and_die(step.act))}
        for name, broken in {"_STEPS": dying, "failpoint": _die_after(gone, at)}.items():
            with monkeypatch.context() as patch:
                patch.setattr(off_boarding, name, broken)
                with pytest.raises(ZeroDivisionError):
                    ring(gone)

    ring(gone)

    finished = off_boarding.get(agency_id=gone.pk)
    assert (finished.status, finished.done) == ("done", STEPS)
    assert said(finished)["keys_destroyed"]["keys"]
    assert (schema_is_there(gone), len(mail.outbox)) == (False, 1)


def test_landlords_beyond_a_hundred_are_disconnected_too(
    gone: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(off_boarding, "_AT_ONCE", 1)
    with tenant(gone):
        for number in range(3):
            landlord = records.create(by=SYSTEM, given={"full_name": f"Number {number}"}, now=time.now)
            world.connect(landlord, now=time.now)
    plan(gone, time)

    ring(gone)

    steps = said(off_boarding.get(agency_id=gone.pk))
    assert steps["tokens_destroyed"]["grants_without_tokens"] == 4


def test_what_was_sealed_opens_nowhere_once_the_keys_are_gone(gone: Agency, time: FakeClock) -> None:
    with tenant(gone):
        sealed = Landlord.objects.exclude(nino=None)[0].nino
        keyring.shred(gone.pk)
        keyring.forget()

        with pytest.raises(SealBroken), sealed.open(reason="test"):
            pass


def _no_server(*_: object) -> None:
    raise ConnectionRefusedError


def _and_die(act: Any) -> Any:
    def dying(*given: Any) -> None:
        act(*given)
        raise ZeroDivisionError

    return dying


def _die_after(agency: Agency, step: str) -> Any:
    def at(_: str) -> None:
        if OffBoarding.objects.get(agency_id=agency.pk).done[-1:] == [step]:
            raise ZeroDivisionError

    return at
