"""Around the filing, over HTTP: readings with their age, what is asked of HMRC, and the declaration's two steps."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from landlords.models import Landlord
from mtd.models import (
    Business,
    Calculation,
    CalculationType,
    ItsaStatus,
    Reading,
    Submission,
    SubmissionStatus,
    Write,
    WriteKind,
)
from mtd.tax_years import TaxYear
from people.scopes import KEY_SCOPES, Scope
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, key_caller, landlord_caller, pointers, problem
from tests.api.world import DECLARED, World
from tests.cast import ALPHA


@pytest.fixture
def lena(alphas: World) -> str:
    return f"landlords/{alphas.landlord_id}"


@pytest.fixture
def business(lena: str, alphas: World) -> str:
    return f"{lena}/businesses/{alphas.business_id}"


@pytest.fixture
def final(alpha: Agency, alphas: World) -> str:
    """A calculation that can be declared."""
    with tenant(alpha):
        Write.objects.all().delete()
        landlord = Landlord.objects.get(pk=alphas.landlord_id)
        return str(world.calculated(landlord, CalculationType.TO_FINALISE, now=clock.now()).pk)


def read(alpha: Agency, alphas: World, what: str, *, age: timedelta = timedelta(0)) -> None:
    with tenant(alpha):
        Reading.objects.create(landlord_id=alphas.landlord_id, what=what, fetched_at=clock.now() - age)


class TestStatus:
    def test_never_read_is_fetched_and_then_shown_with_its_age(
        self, machine: Caller, alpha: Agency, alphas: World, lena: str
    ) -> None:
        first = machine.get(f"{lena}/tax-years/2026-27/status")
        read(alpha, alphas, "status:2026-27", age=timedelta(hours=25))
        with tenant(alpha):
            given = {"status": "MTD Mandated", "reason": "Sign up", "submitted_on": clock.now()}
            ItsaStatus.objects.create(landlord_id=alphas.landlord_id, tax_year="2026-27", **given)

        answer = machine.get(f"{lena}/tax-years/2026-27/status")

        assert (first.status_code, first.json()["kind"]) == (202, "fetch.status:2026-27")
        assert (answer.status_code, answer.json()["stale"]) == (200, True)
        assert [(each["tax_year"], each["status"]) for each in answer.json()["results"]] == [
            ("2026-27", "MTD Mandated")
        ]

    @pytest.mark.parametrize("year", ["2026", "2026-28", "2020-21", "x"])
    def test_of_what_is_no_tax_year_is_refused(self, machine: Caller, lena: str, year: str) -> None:
        answer = machine.get(f"{lena}/tax-years/{year}/status")

        assert problem(answer) == (422, "request.invalid")
        assert list(pointers(answer)) == ["/tax_year"]


class TestQuarterlyType:
    def test_is_shown_with_the_quarters_that_follow_from_it(
        self, machine: Caller, alpha: Agency, alphas: World, business: str
    ) -> None:
        read(alpha, alphas, f"business:{alphas.business_id}")
        year = TaxYear.of(clock.today())
        with tenant(alpha):
            Business.objects.update(quarterly_type="calendar", quarterly_type_since=str(year))

        said = machine.get(f"{business}/quarterly-type").json()

        assert (said["type"], said["tax_year"], said["stale"], said["change"]) == ("calendar", str(year), False, None)
        assert said["quarters"][0] == {
            "period_start": year.start.isoformat(),
            "period_end": date(year.starts_in, 6, 30).isoformat(),
            "due_date": date(year.starts_in, 8, 7).isoformat(),
        }

    def test_is_chosen_and_followed_by_its_operation(
        self, machine: Caller, alpha: Agency, alphas: World, business: str
    ) -> None:
        read(alpha, alphas, f"business:{alphas.business_id}")
        wanted = {"tax_year": str(TaxYear.of(clock.today())), "type": "calendar"}

        answer = machine.call("PUT", f"{business}/quarterly-type", wanted)

        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        operation = machine.get(answer.headers["Location"]).json()
        assert (operation["kind"], operation["queue_position"] is not None) == ("quarterly_type", True)
        assert machine.get(f"{business}/quarterly-type").json()["change"]["id"] == answer.json()["id"]

    def test_is_locked_after_the_first_update(self, machine: Caller, alpha: Agency, alphas: World, lena: str) -> None:
        year = str(TaxYear.of(clock.today()))
        with tenant(alpha):
            accepted = {"status": SubmissionStatus.ACCEPTED, "business_id": alphas.business_id}
            Submission.objects.update(tax_year=year, **accepted)
        wanted = {"tax_year": year, "type": "calendar"}

        answer = machine.call("PUT", f"{lena}/businesses/{alphas.business_id}/quarterly-type", wanted)

        assert problem(answer) == (409, "hmrc.quarterly_type_locked")


class TestAnnualSubmission:
    def test_has_every_fault_told_with_its_pointer(self, machine: Caller, business: str) -> None:
        given = {
            "adjustments": {"privateUseAdjustment": "1.005"},
            "allowances": {"propertyIncomeAllowance": "1000.01", "otherCapitalAllowance": "1"},
        }

        answer = machine.call("PUT", f"{business}/annual-submissions/2025-26", given)

        assert problem(answer) == (422, "request.invalid")
        assert pointers(answer) == {
            "/adjustments/nonResidentLandlord": "rule_incorrect_or_empty_body_submitted",
            "/adjustments/privateUseAdjustment": "format_value",
            "/allowances/propertyIncomeAllowance": "rule_property_income_allowance",
            "/allowances": "rule_both_allowances_supplied",
        }

    def test_is_queued_and_shown_as_the_last_change(
        self, machine: Caller, alpha: Agency, alphas: World, business: str
    ) -> None:
        read(alpha, alphas, f"annual:{alphas.business_id}:2025-26")
        given = {"adjustments": {"nonResidentLandlord": True}, "fraud_context_id": None}

        answer = machine.call("PUT", f"{business}/annual-submissions/2025-26", given)

        said = machine.get(f"{business}/annual-submissions/2025-26").json()
        assert (answer.status_code, said["held"]) == (202, None)
        assert said["change"]["id"] == answer.json()["id"]


class TestCalculation:
    def test_is_asked_for_once(self, machine: Caller, alphas: World) -> None:
        wanted = {"landlord_id": alphas.landlord_id, "tax_year": "2026-27", "type": "in-year"}

        first, second = (machine.post("calculations", wanted) for _ in range(2))

        assert (first.status_code, first.json()["status"], first.json()["estimate"]) == (202, "queued", True)
        assert second.json()["id"] == first.json()["id"]
        assert machine.get(first.headers["Location"]).json()["kind"] == "calculation"

    def test_is_listed_by_landlord_and_tax_year_without_its_figures(self, machine: Caller, alphas: World) -> None:
        found = machine.get(f"calculations?landlord_id={alphas.landlord_id}&tax_year={DECLARED}").json()["results"]
        none = machine.get("calculations?tax_year=2031-32").json()["results"]

        assert ([each["id"] for each in found], none) == ([alphas.calculation_id], [])
        assert "summary" not in found[0]

    def test_that_is_an_estimate_is_shown_with_hmrcs_disclaimer(self, machine: Caller, final: str) -> None:
        said = machine.get(f"calculations/{final}").json()

        assert (said["estimate"], said["disclaimer"]["text_version"]) == (True, "hmrc-disclaimer-2026-06")
        assert "2026-04-05" in said["disclaimer"]["text"]

    def test_that_was_declared_is_none(self, machine: Caller, alpha: Agency, final: str) -> None:
        with tenant(alpha):
            Calculation.objects.filter(pk=final).update(declared_at=clock.now())

        said = machine.get(f"calculations/{final}").json()

        assert (said["estimate"], said["disclaimer"]) == (False, None)

    def test_to_finalise_a_year_that_runs_is_refused(self, machine: Caller, alphas: World) -> None:
        year = str(TaxYear.of(clock.today()))
        wanted = {"landlord_id": alphas.landlord_id, "tax_year": year, "type": "intent-to-finalise"}

        assert problem(machine.post("calculations", wanted)) == (409, "hmrc.tax_year_not_ended")


class TestFinalDeclaration:
    def agree(self, caller: Caller, calculation: str, **changes: Any) -> Any:
        terms = caller.post(f"calculations/{calculation}/final-declaration").json()
        declaration = {"accepted": True, "text_version": terms["text_version"], "name": "Lena"}
        sent = {"digest": terms["digest"], "declaration": declaration, **changes}
        return caller.post(f"calculations/{calculation}/final-declaration", sent)

    def test_gives_the_wording_first_and_keeps_nothing(self, machine: Caller, alpha: Agency, final: str) -> None:
        answer = machine.post(f"calculations/{final}/final-declaration")

        assert (answer.status_code, answer.json()["declared_as"]) == (200, "final-declaration")
        assert answer.json()["text"].startswith("I confirm that my client")
        with tenant(alpha):
            assert not Write.objects.exists()

    def test_is_queued_with_what_was_agreed_to(self, machine: Caller, alpha: Agency, final: str) -> None:
        answer = self.agree(machine, final)

        said = machine.get(f"calculations/{final}/final-declaration").json()
        assert (answer.status_code, said["id"], said["kind"]) == (202, answer.json()["id"], "final_declaration")
        assert said["declaration"].keys() >= {"accepted", "text_version", "name", "digest"}
        with tenant(alpha):
            assert Write.objects.get(kind=WriteKind.FINAL_DECLARATION).created_by_kind == "api_key"

    def test_can_be_made_by_the_landlord_in_the_landlords_words(self, alpha: Agency, alphas: World, final: str) -> None:
        lena = landlord_caller(alpha, UUID(alphas.landlord_id), host=ALPHA.host)
        terms = lena.post(f"calculations/{final}/final-declaration").json()

        answer = self.agree(lena, final)

        assert (answer.status_code, terms["text"].split()[:2]) == (202, ["I", "declare"])

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"digest": "0" * 64}, (409, "calculation.other_digest")),
            ({"declaration": {"accepted": False}}, (422, "submission.declaration_missing")),
            ({"declaration": {"accepted": True}}, (409, "calculation.other_digest")),
        ],
    )
    def test_of_something_else_is_refused(
        self, machine: Caller, final: str, changes: dict[str, Any], refusal: tuple[int, str]
    ) -> None:
        assert problem(self.agree(machine, final, **changes)) == refusal

    def test_needs_the_scope_for_it(self, alpha: Agency, final: str) -> None:
        caller = key_caller(alpha, host=ALPHA.host)
        filer = key_caller(alpha, host=ALPHA.host, scopes=KEY_SCOPES - {Scope.DECLARATIONS_WRITE})

        answers = [each.post(f"calculations/{final}/final-declaration").status_code for each in (caller, filer)]

        assert answers == [200, 403]

    def test_of_one_that_nobody_declared_is_not_found(self, machine: Caller, final: str) -> None:
        assert problem(machine.get(f"calculations/{final}/final-declaration")) == (404, "not_found")
