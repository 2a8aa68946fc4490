"""Calls of Property Business and Individual Calculations, as the tests make them."""

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.sandbox.hmrc import asking
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, Hmrc

NO_SUCH_ID = "4557ecb5-fd32-48cc-81f5-e6acd1099f3c"
FRANCE, SPAIN = {"countryCode": "FRA"}, {"countryCode": "ESP"}


@dataclass
class Taxpayer:
    """A taxpayer who has let the application in, with one business that the calls are about."""

    hmrc: Hmrc
    nino: str = HARRIET
    business_id: str = HER_BUSINESS

    def __post_init__(self) -> None:
        self.token = str(self.hmrc.connect(self.nino)["access_token"])

    def is_today(self, day: str) -> None:
        """Move the clock to that day, and sign in again: the token has ended."""
        self.hmrc.is_today(day)
        self.__post_init__()

    def ask(self, method: str, path: str, send: object = None, *, version: str = "6.0", **headers: str) -> TestResponse:
        """Call "/individuals" + path, where NINO and BUSINESS stand for this taxpayer's."""
        full = f"/individuals{path}".replace("NINO", self.nino).replace("BUSINESS", self.business_id)
        return self.hmrc.call(method, full, token=self.token, version=version, send=send, **headers)

    def annual(self, method: str, send: object = None, *, year: str = "2026-27", **headers: str) -> TestResponse:
        start = "/business/property/uk/" if method != "DELETE" else "/business/property/"
        return self.ask(method, f"{start}NINO/BUSINESS/annual/{year}", send, **headers)

    def period(
        self, method: str, send: object = None, *, year: str = "2024-25", submission: str = "", **headers: str
    ) -> TestResponse:
        path = f"/business/property/uk/NINO/BUSINESS/period/{year}{'/' if submission else ''}{submission}"
        return self.ask(method, path, send, **headers)

    def periods(self, year: str = "2024-25") -> TestResponse:
        return self.ask("GET", f"/business/property/NINO/BUSINESS/period/{year}")

    def foreign(
        self, method: str, what: str, send: object = None, *, year: str = "2026-27", **more: str
    ) -> TestResponse:
        return self.ask(method, f"/business/property/foreign/NINO/BUSINESS/{what}/{year}", send, **more)

    def update(self, send: object, *, year: str = "2026-27", **headers: str) -> TestResponse:
        return self.ask("PUT", f"/business/property/uk/NINO/BUSINESS/cumulative/{year}", send, **headers)

    def calculate(self, kind: str = "in-year", *, year: str = "2026-27", **headers: str) -> TestResponse:
        return self.calculations("POST", f"{year}/trigger/{kind}", **headers)

    def calculations(self, method: str, path: str, **headers: str) -> TestResponse:
        return self.ask(method, f"/calculations/NINO/self-assessment/{path}", version="8.0", **headers)


def new_taxpayer(hmrc: Hmrc, **business: Any) -> Taxpayer:
    """Make a taxpayer with one business, a UK property one unless the fields say otherwise."""
    user = hmrc.control("users", {"businesses": [{"type_of_business": "uk-property"} | business]})
    return Taxpayer(hmrc, nino=user["nino"], business_id=user["businesses"][0]["business_id"])


def codes(answer: TestResponse) -> list[str]:
    """Return the codes of a refusal, or none of a success."""
    return [] if answer.status_code < 400 else asking.codes(answer)
