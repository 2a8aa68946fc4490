"""From the quarters to the amended year, against the stand-in: what is asked is what HMRC holds in the end."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from landlords.models import Landlord
from mtd import businesses, calculating, calculations, calling, declarations, fetching, readings, writing
from mtd.errors import MandateMissing, NotDeclarable, OtherDigest, TaxYearNotEnded
from mtd.mandates import revoke
from mtd.models import (
    AnnualSubmission,
    Business,
    Calculation,
    CalculationType,
    ItsaStatus,
    Mandate,
    Obligation,
    Write,
    WriteStatus,
)
from mtd.quarters import QuarterlyType, quarters
from mtd.tax_years import TaxYear
from people.models import Operation
from people.principal import Principal, PrincipalKind
from sandbox.hmrc.app import create_app
from sandbox.hmrc.config import Config
from sandbox.hmrc.modes import PRODUCTION_LIKE
from sandbox.hmrc.throttle import Rate
from tenants import due
from tenants.models import Agency
from tests.hmrc_oauth import scenes
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import KEY, again, events
from tests.mtd.scenes import mandated
from tests.mtd.true_hmrc import TrueHmrc
from tests.sandbox.hmrc.driver import CLIENT_ID, HARRIET, HER_BUSINESS, REDIRECT_URI, SECRETS, Hmrc, body, update

YEAR = "2026-27"
IN_YEAR, AFTER_IT, LATER = date(2026, 10, 20), date(2027, 5, 1), date(2027, 9, 1)
ANNUAL = {
    "adjustments": {"nonResidentLandlord": False, "balancingCharge": "12.50"},
    "allowances": {
        "annualInvestmentAllowance": "100",
        "structuredBuildingAllowance": [
            {
                "amount": "10.10",
                "firstYear": {"qualifyingDate": "2026-05-01", "qualifyingAmountExpenditure": "1000"},
                "building": {"name": "Plaza 2", "postcode": "EH1 1AA"},
            }
        ],
    },
}


@pytest.fixture
def landlord(in_alpha: Agency, time: FakeClock) -> Landlord:
    landlord = scenes.a_landlord(nino=HARRIET)
    scenes.connect(landlord)
    mandated(landlord)
    return landlord


@pytest.fixture
def hmrc(landlord: Landlord, time: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrueHmrc]:
    config = Config(
        home=tmp_path,
        client_id=CLIENT_ID,
        client_secrets=SECRETS,
        redirect_uris=(REDIRECT_URI,),
        rate=Rate(per_second=0),
        mode=PRODUCTION_LIKE,
    )
    true = TrueHmrc(Hmrc(create_app(config)), time)
    monkeypatch.setattr(calling, "call", true.call)
    for module in (writing, calculating):
        monkeypatch.setattr(module.fraud_contexts, "of_host", lambda: {"from": "host"})
        monkeypatch.setattr(module.fraud_contexts, "of_person", lambda _: {"from": "person"})
    true.move_to(IN_YEAR)
    Business.objects.create(landlord=landlord, business_id=HER_BUSINESS, type_of_business="uk-property")
    yield true
    assert true.loses == []


def file(hmrc: TrueHmrc, to_date: str, **figures: object) -> None:
    """Send year-to-date figures, as somebody's software would."""
    answer = hmrc.hmrc.cumulative("PUT", hmrc._token, update(to_date, **(figures or {"periodAmount": 40000})))
    assert answer.status_code == 204, body(answer)


def read(landlord: Landlord, hmrc: TrueHmrc, what: str) -> Operation:
    operation = readings.ask(landlord_id=landlord.pk, what=what, lane=due.Lane.BULK, now=hmrc.clock.now)
    hmrc.work()
    return again(operation)


def calculate(landlord: Landlord, hmrc: TrueHmrc, kind: CalculationType) -> Calculation:
    asked = calculations.ask(
        by=KEY, landlord_id=landlord.pk, tax_year=YEAR, kind=kind, fraud_context_id=None, now=hmrc.clock.now
    )
    hmrc.work()
    return again(asked)


def declare(calculation: Calculation, hmrc: TrueHmrc, *, by: Principal = KEY, **changes: Any) -> Write:
    """Read the wording and agree to it."""
    terms = declarations.terms(by=by, calculation=calculation)
    given: dict[str, Any] = {
        "digest": terms.digest,
        "declaration": {"accepted": True, "text_version": terms.wording.version},
        **changes,
    }
    return declarations.declare(by=by, calculation=calculation, fraud_context_id=None, now=hmrc.clock.now, **given)


def put_annual(landlord: Landlord, hmrc: TrueHmrc, given: dict[str, Any] = ANNUAL) -> Write:
    return businesses.submit_annual(
        by=KEY,
        landlord_id=landlord.pk,
        business_id=HER_BUSINESS,
        tax_year=YEAR,
        given=given,
        fraud_context_id=None,
        now=hmrc.clock.now,
    )


def choose(landlord: Landlord, hmrc: TrueHmrc, kind: QuarterlyType) -> Write:
    return businesses.choose_quarterly_type(
        by=KEY,
        landlord_id=landlord.pk,
        business_id=HER_BUSINESS,
        tax_year=YEAR,
        kind=kind,
        fraud_context_id=None,
        now=hmrc.clock.now,
    )


class TestReadings:
    def test_of_the_businesses_bring_their_details_too(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        read(landlord, hmrc, "businesses")

        business = Business.objects.get(business_id=HER_BUSINESS)
        assert (business.type_of_business, business.commencement_date is not None) == ("uk-property", True)
        assert hmrc.asked == ["business_details.list_businesses", "business_details.get_business"]
        assert hmrc.headers[1] == {"from": "host"}

    def test_of_the_list_leave_what_is_known_of_a_business(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        Business.objects.update(quarterly_type="calendar", quarterly_type_since="2025-26")
        operation = readings.ask(landlord_id=landlord.pk, what="businesses", lane=due.Lane.BULK, now=hmrc.clock.now)

        fetching.run(operation_id=operation.pk)

        assert Business.objects.get(business_id=HER_BUSINESS).quarterly_type == "calendar"

    def test_of_the_status_keep_hmrcs_word_for_the_tax_year(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        operation = read(landlord, hmrc, f"status:{YEAR}")

        kept = ItsaStatus.objects.get()
        assert (operation.status, kept.tax_year, kept.status) == ("succeeded", YEAR, "MTD Mandated")

    def test_of_an_annual_submission_that_is_not_there_keep_that(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        operation = read(landlord, hmrc, f"annual:{HER_BUSINESS}:{YEAR}")

        assert operation.result == {"what": f"annual:{HER_BUSINESS}:{YEAR}", "count": 0}
        assert not AnnualSubmission.objects.exists()


class TestQuarterlyType:
    def test_that_is_chosen_moves_the_obligations_to_the_other_quarters(
        self, landlord: Landlord, hmrc: TrueHmrc
    ) -> None:
        write = choose(landlord, hmrc, QuarterlyType.CALENDAR)

        hmrc.work()

        year = TaxYear.parse(YEAR)
        mine = Obligation.objects.filter(business_id=HER_BUSINESS, period_start__gte=year.start).order_by("period_end")
        expected = quarters(year, QuarterlyType.CALENDAR, chosen_in=year)
        assert again(write).status == WriteStatus.ACCEPTED
        assert [(each.period_start, each.period_end, each.due_date) for each in mine] == list(expected)
        assert businesses.quarters_of(Business.objects.get(business_id=HER_BUSINESS), year) == expected

    def test_is_refused_by_hmrc_once_an_update_was_sent(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        file(hmrc, "2026-07-05")
        write = choose(landlord, hmrc, QuarterlyType.CALENDAR)

        hmrc.work()

        settled = again(write)
        assert (settled.status, settled.reason_code) == (WriteStatus.REJECTED, "hmrc.quarterly_type_locked")
        assert Business.objects.get(business_id=HER_BUSINESS).quarterly_type == ""

    def test_whose_answer_was_lost_is_looked_for_and_not_sent_again(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        hmrc.loses = ["business_details.put_quarterly_type"]
        write = choose(landlord, hmrc, QuarterlyType.CALENDAR)

        hmrc.work()

        assert (again(write).status, again(write).outcome) == (WriteStatus.ACCEPTED, "reconciled")
        assert hmrc.asked.count("business_details.put_quarterly_type") == 1
        assert hmrc.headers[:2] == [{"from": "person"}, {"from": "host"}]


class TestAnnualSubmission:
    def test_is_at_hmrc_to_the_penny_and_shown_as_held(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        write = put_annual(landlord, hmrc)
        hmrc.work()
        ours = businesses.held_annual(landlord_id=landlord.pk, business_id=HER_BUSINESS, tax_year=YEAR)

        read(landlord, hmrc, f"annual:{HER_BUSINESS}:{YEAR}")

        theirs = businesses.held_annual(landlord_id=landlord.pk, business_id=HER_BUSINESS, tax_year=YEAR)
        assert again(write).status == WriteStatus.ACCEPTED
        assert ours is not None
        assert theirs is not None
        assert {**theirs, "submitted_on": None} == {**ours, "submitted_on": None}
        assert theirs["adjustments"] == {"nonResidentLandlord": False, "balancingCharge": "12.50"}

    def test_whose_answer_was_lost_is_read_back_and_not_sent_again(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        hmrc.loses = ["property_business.put_uk_annual"]
        write = put_annual(landlord, hmrc)

        hmrc.work()

        assert (again(write).status, again(write).outcome) == (WriteStatus.ACCEPTED, "reconciled")
        assert hmrc.asked == ["property_business.put_uk_annual", "property_business.get_uk_annual"]

    def test_that_was_corrected_before_it_went_is_superseded(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        first = put_annual(landlord, hmrc)
        second = put_annual(landlord, hmrc, {"allowances": {"propertyIncomeAllowance": "1000"}})

        hmrc.work()

        assert [again(first).status, again(second).status] == [WriteStatus.SUPERSEDED, WriteStatus.ACCEPTED]
        assert hmrc.asked == ["property_business.put_uk_annual"]

    def test_that_is_asked_for_twice_is_one(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        assert put_annual(landlord, hmrc).pk == put_annual(landlord, hmrc).pk


class TestCalculation:
    def test_is_waited_for_and_kept_with_its_messages_and_without_the_nino(
        self, landlord: Landlord, hmrc: TrueHmrc
    ) -> None:
        file(hmrc, "2026-10-05")
        began = hmrc.clock.now

        calculation = calculate(landlord, hmrc, CalculationType.IN_YEAR)

        content = calculations.content_of(calculation)
        assert (calculation.status, calculation.has_errors) == ("ready", False)
        assert (hmrc.clock.now - began).total_seconds() >= 5
        assert hmrc.asked == ["calculations.trigger_calculation", "calculations.get_calculation"]
        assert content.keys() == {"metadata", "calculation", "messages"}
        assert HARRIET not in str(content)
        assert calculations.summary(content)["total_income"] == "40000.00"
        assert again(Operation.objects.get(pk=calculation.pk)).status == "succeeded"

    def test_of_nothing_is_refused_with_our_code(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        calculation = calculate(landlord, hmrc, CalculationType.IN_YEAR)

        assert (calculation.status, calculation.reason_code) == ("failed", "hmrc.no_income_submitted")
        assert again(Operation.objects.get(pk=calculation.pk)).error_code == "hmrc.no_income_submitted"

    def test_whose_trigger_was_lost_is_asked_for_again(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        file(hmrc, "2026-10-05")
        hmrc.loses = ["calculations.trigger_calculation"]

        calculation = calculate(landlord, hmrc, CalculationType.IN_YEAR)

        assert calculation.status == "ready"
        assert hmrc.asked.count("calculations.trigger_calculation") == 2

    def test_to_finalise_waits_for_the_end_of_the_year(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        with pytest.raises(TaxYearNotEnded):
            calculate(landlord, hmrc, CalculationType.TO_FINALISE)

    def test_that_is_an_estimate_can_not_be_declared(self, landlord: Landlord, hmrc: TrueHmrc) -> None:
        file(hmrc, "2026-10-05")
        calculation = calculate(landlord, hmrc, CalculationType.IN_YEAR)

        with pytest.raises(NotDeclarable):
            declarations.terms(by=KEY, calculation=calculation)


@pytest.fixture
def final(landlord: Landlord, hmrc: TrueHmrc) -> Calculation:
    """The year is over and reported, and HMRC has calculated it."""
    hmrc.move_to(AFTER_IT)
    file(hmrc, "2027-04-05")
    calculation = calculate(landlord, hmrc, CalculationType.TO_FINALISE)
    assert calculation.status == "ready", calculation.reason_code
    hmrc.asked.clear()
    return calculation


class TestFinalDeclaration:
    def test_is_sent_once_and_makes_the_calculation_final(self, final: Calculation, hmrc: TrueHmrc) -> None:
        write = declare(final, hmrc)

        hmrc.work()

        assert (again(write).status, again(write).outcome) == (WriteStatus.ACCEPTED, "confirmed")
        assert again(final).declared_at == hmrc.clock.now
        assert hmrc.asked == ["calculations.submit_declaration"]
        assert [event for event in events() if event.startswith("final_")] == [
            "final_declaration.queued",
            "final_declaration.accepted",
        ]

    def test_whose_answer_was_lost_is_found_in_hmrcs_list(self, final: Calculation, hmrc: TrueHmrc) -> None:
        hmrc.loses = ["calculations.submit_declaration"]
        write = declare(final, hmrc)

        hmrc.work()

        assert (again(write).status, again(write).outcome) == (WriteStatus.ACCEPTED, "reconciled")
        assert hmrc.asked == ["calculations.submit_declaration", "calculations.list_calculations"]

    def test_has_the_landlords_words_for_the_landlord_and_the_agents_for_the_agency(
        self, final: Calculation, landlord: Landlord, hmrc: TrueHmrc
    ) -> None:
        herself = Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())

        mine = declarations.terms(by=herself, calculation=final)
        theirs = declarations.terms(by=KEY, calculation=final)

        assert mine.wording.text.startswith("I declare")
        assert theirs.wording.text.startswith("I confirm that my client")
        assert mine.digest != theirs.digest

    @pytest.mark.parametrize(
        "changes", [{"digest": "0" * 64}, {"declaration": {"accepted": True, "text_version": "another"}}]
    )
    def test_of_something_else_than_was_shown_is_refused(
        self, final: Calculation, hmrc: TrueHmrc, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(OtherDigest):
            declare(final, hmrc, **changes)

        assert not Write.objects.exists()

    def test_is_made_by_a_landlord_who_gave_the_agency_no_mandate(
        self, final: Calculation, landlord: Landlord, hmrc: TrueHmrc
    ) -> None:
        Mandate.objects.all().delete()
        write = declare(final, hmrc, by=Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset()))

        hmrc.work()

        assert again(write).status == WriteStatus.ACCEPTED

    def test_is_not_made_by_an_agency_without_a_mandate(self, final: Calculation, hmrc: TrueHmrc) -> None:
        Mandate.objects.all().delete()

        with pytest.raises(MandateMissing):
            declare(final, hmrc)

    def test_by_the_landlord_is_not_sent_if_the_agencys_mandate_is_taken_back_after_it(
        self, final: Calculation, landlord: Landlord, hmrc: TrueHmrc
    ) -> None:
        write = declare(final, hmrc, by=Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset()))
        hmrc.pass_time(1)

        revoke(by=KEY, landlord_id=landlord.pk, mandate_id=Mandate.objects.get().pk, now=hmrc.clock.now)

        assert (again(write).status, again(write).reason_code) == (WriteStatus.CANCELLED, "mandate.revoked")

    def test_is_made_once_only(self, final: Calculation, hmrc: TrueHmrc) -> None:
        declare(final, hmrc)
        hmrc.work()

        with pytest.raises(NotDeclarable):
            declare(again(final), hmrc)

    def test_by_a_calculation_that_is_outdated_is_refused_with_what_to_do(
        self, final: Calculation, hmrc: TrueHmrc
    ) -> None:
        hmrc.pass_time(60)
        file(hmrc, "2027-04-05", periodAmount=50000)
        write = declare(final, hmrc)

        hmrc.work()

        assert (again(write).status, again(write).reason_code) == (WriteStatus.REJECTED, "hmrc.calculation_outdated")
        assert again(final).declared_at is None

    def test_of_another_calculation_is_not_taken_for_ours(
        self, landlord: Landlord, final: Calculation, hmrc: TrueHmrc
    ) -> None:
        other = calculate(landlord, hmrc, CalculationType.TO_FINALISE)
        declare(other, hmrc)
        hmrc.work()
        write = declare(final, hmrc)
        Write.objects.filter(pk=write.pk).update(doubted_at=hmrc.clock.now)  # as if a first try had been lost

        hmrc.work()

        assert (again(write).status, again(write).reason_code) == (WriteStatus.REJECTED, "hmrc.declared_already")

    def test_can_be_amended_until_the_window_closes(
        self, landlord: Landlord, final: Calculation, hmrc: TrueHmrc
    ) -> None:
        declare(final, hmrc)
        hmrc.work()
        hmrc.move_to(LATER)
        file(hmrc, "2027-04-05", periodAmount=50000)

        amending = calculate(landlord, hmrc, CalculationType.TO_AMEND)
        write = declare(amending, hmrc)
        hmrc.work()

        assert declarations.terms(by=KEY, calculation=amending).declared_as == "confirm-amendment"
        assert (again(write).status, again(write).outcome) == (WriteStatus.ACCEPTED, "confirmed")
        assert calculations.summary(calculations.content_of(amending))["total_income"] == "50000.00"
