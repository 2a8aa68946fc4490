"""A sound request to every operation of the stand-in that is about businesses, obligations and statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.test import TestResponse

from sandbox.hmrc import settings
from sandbox.hmrc.modes import PRODUCTION_LIKE
from sandbox.hmrc.store import Store
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, Hmrc, body

DETAILS = f"/individuals/business/details/{HARRIET}"
HERS = f"{DETAILS}/{HER_BUSINESS}/2025-26"
LATE_DATE = f"{HERS}/late-accounting-date-rule-election"
OBLIGATIONS = f"/obligations/details/{HARRIET}"
STATUS = f"/individuals/person/itsa-status/{HARRIET}/2026-27"
SUPPORT = "/individuals/self-assessment-test-support"


@dataclass
class Client:
    """Harriet's client: it asks and keeps what came back."""

    hmrc: Hmrc
    token: str = field(repr=False)

    def ask(
        self, method: str, path: str, send: object = None, *, version: str = "2.0", scenario: str = "", **headers: str
    ) -> TestResponse:
        wish = headers | ({"Gov_Test_Scenario": scenario} if scenario else {})
        return self.hmrc.call(method, path, token=self.token, version=version, send=send, **wish)

    def ask_for(self, name: str, *, scenario: str = "", **headers: str) -> TestResponse:
        """Send the sound request to the operation of that name."""
        method, path, version, send = REQUESTS[name]
        return self.ask(method, path, send, version=version, scenario=scenario, **headers)


Request = tuple[str, str, str, object]

REQUESTS: Mapping[str, Request] = {
    "business_list": ("GET", f"{DETAILS}/list", "2.0", None),
    "business_details": ("GET", f"{DETAILS}/{HER_BUSINESS}", "2.0", None),
    "quarterly_type_put": ("PUT", f"{DETAILS}/{HER_BUSINESS}/2026-27", "2.0", {"quarterlyPeriodType": "calendar"}),
    "accounting_type_get": ("GET", f"{HERS}/accounting-type", "2.0", None),
    "accounting_type_put": ("PUT", f"{HERS}/accounting-type", "2.0", {"accountingType": "ACCRUAL"}),
    "periods_of_account_get": ("GET", f"{HERS}/periods-of-account", "2.0", None),
    "periods_of_account_put": ("PUT", f"{HERS}/periods-of-account", "2.0", {"periodsOfAccount": False}),
    "late_accounting_date_get": ("GET", LATE_DATE, "2.0", None),
    "late_accounting_date_disapply": ("POST", f"{LATE_DATE}/disapply", "2.0", None),
    "late_accounting_date_withdraw": ("DELETE", f"{LATE_DATE}/withdraw", "2.0", None),
    "obligations": ("GET", f"{OBLIGATIONS}/income-and-expenditure", "3.0", None),
    "crystallisation": ("GET", f"{OBLIGATIONS}/crystallisation", "3.0", None),
    "itsa_status": ("GET", STATUS, "2.0", None),
}


def turn_to(home: Path, mode: str) -> None:
    """Put a stand-in that is not running into a mode."""
    settings.mode(Store(file=home / "state.sqlite3"), default=PRODUCTION_LIKE).set(mode)


def codes(answer: TestResponse) -> list[str]:
    """Return the codes of a refusal, one or several."""
    found = body(answer)
    return [one["code"] for one in found.get("errors", [found])]


def refusal(answer: TestResponse) -> tuple[int, list[str]]:
    return answer.status_code, codes(answer)
