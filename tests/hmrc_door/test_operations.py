"""Every operation the door can ask for: its method, its path, its version, and its silence about the NINO."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest

from hmrc_door import business_details, obligations, property_business
from hmrc_door.operation import Call
from hmrc_door.versions import VERSIONS, Api, accept

OBLIGATIONS = "/obligations/details/AA000001A/income-and-expenditure"
BUSINESS = "XPIS12345678901"
FIGURES = {"ukProperty": {"income": {"periodAmount": Decimal("1200.50")}}}


class Sealed:
    """A NINO that counts how often it was opened, and why."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        self.reasons.append(reason)
        yield "AA000001A"


NINO = Sealed()
CALLS: list[tuple[Call, str, str, str]] = [
    (business_details.list_businesses(NINO), "GET", "/individuals/business/details/AA000001A/list", "2.0"),
    (
        obligations.list_obligations(nino=NINO),
        "GET",
        OBLIGATIONS,
        "3.0",
    ),
    (
        obligations.list_obligations(
            nino=NINO,
            type_of_business="uk-property",
            business_id=BUSINESS,
            from_date=date(2026, 4, 6),
            to_date=date(2027, 4, 5),
            status="open",
        ),
        "GET",
        f"{OBLIGATIONS}?typeOfBusiness=uk-property&businessId={BUSINESS}&fromDate=2026-04-06&toDate=2027-04-05&status=open",
        "3.0",
    ),
    (
        property_business.put_uk_cumulative(nino=NINO, business_id=BUSINESS, tax_year="2026-27", body=FIGURES),  # type: ignore[arg-type]
        "PUT",
        f"/individuals/business/property/uk/AA000001A/{BUSINESS}/cumulative/2026-27",
        "6.0",
    ),
    (
        property_business.get_uk_cumulative(nino=NINO, business_id=BUSINESS, tax_year="2026-27"),
        "GET",
        f"/individuals/business/property/uk/AA000001A/{BUSINESS}/cumulative/2026-27",
        "6.0",
    ),
]


@pytest.mark.parametrize(("call", "method", "path", "version"), CALLS)
def test_each_is_what_hmrc_documents(call: Call, method: str, path: str, version: str) -> None:
    assert (call.method, call.path()) == (method, path)
    assert call.headers()["Accept"] == f"application/vnd.hmrc.{version}+json"
    assert call.writes is (method != "GET")


@pytest.mark.parametrize("call", [row[0] for row in CALLS])
def test_none_opens_the_nino_before_its_path_is_made_nor_shows_it(call: Call) -> None:
    NINO.reasons.clear()

    shown = repr(call)

    assert NINO.reasons == []
    assert shown == f"Call({call.operation})"
    assert call.path()
    assert NINO.reasons == ["hmrc.url"]


def test_only_what_is_written_has_a_body_and_it_is_exact() -> None:
    write, read = CALLS[3][0], CALLS[4][0]

    assert write.body() == b'{"ukProperty":{"income":{"periodAmount":1200.50}}}'
    assert write.headers()["Content-Type"] == "application/json"
    assert read.body() is None
    assert "Content-Type" not in read.headers()


def test_nothing_in_a_path_can_leave_its_place() -> None:
    call = property_business.get_uk_cumulative(nino=NINO, business_id="../x?y", tax_year="2026-27")

    assert call.path().endswith("/uk/AA000001A/..%2Fx%3Fy/cumulative/2026-27")


def test_every_api_has_a_version() -> None:
    assert set(VERSIONS) == set(Api)
    assert accept(Api.OBLIGATIONS) == "application/vnd.hmrc.3.0+json"
