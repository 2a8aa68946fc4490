"""A request for every operation, made from the facts alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.contract.facts import Operation
from tests.contract.shapes import Shape, in_year

TODAY = "2026-11-22"
# A taxpayer with a business of each kind, whom the stand-in is given for the contract.
NINO = "AA900001A"
BUSINESSES = {
    "uk-property": "XPIS90000000001",
    "foreign-property": "XFIS90000000001",
    "self-employment": "XBIS90000000001",
}
AN_ID = "f2fb30e5-4ab6-4a29-b3c1-c7264259ff1c"
# The tax year in which an operation works at all; the first that fits.
_YEARS = (
    (r"furnished-holiday-lettings", "2019-20"),
    (r"/period/\{taxYear\}", "2023-24"),
    (r"late-accounting", "2025-26"),
    (r"itsa-status|business/details|cumulative|foreign", "2026-27"),
    (r"", "2025-26"),
)
_PATH = {
    "nino": NINO,
    "calculationId": AN_ID,
    "submissionId": "4557ecb5-fd32-48cc-81f5-e6acd1099f3c",
    "periodId": "2019-04-06_2019-07-05",
    "propId": "8e8b8450-dc1b-4360-8109-7067337b42cb",
    "checkpointId": AN_ID,
    "api": "obligations-mtd",
}
_CALCULATION_TYPES = {"trigger/{calculationType}": "in-year", "{calculationId}/{calculationType}": "final-declaration"}
# What a field holds, by its name, where its shape does not say. Dates are those of the first quarter of the tax year.
_FIELDS = {
    "typeOfBusiness": "property-unspecified",
    "countryCode": "FRA",
    "businessAddressCountryCode": "GB",
    "businessAddressPostcode": "EH1 1AA",
    "building": {"name": "Plaza 2", "postcode": "EH1 1AA"},
    "propertyId": "8e8b8450-dc1b-4360-8109-7067337b42cb",
    "submittedOn": "2026-05-01T10:00:00.000Z",
    "taxYear1": "2025-26",
    "taxYear2": "2026-27",
    "taxYearOfChoice": "2026-27",
    "commencementDate": "2020-04-06",
    "eoriNumber": "GB123456789012",
    "exciseNumber": "GBWK254706100",
    "nino": NINO,
}
_PATTERNED = {"~^.{1,105}$": "A name", "~^[0-9a-zA-Z{": "A name", "~^[A-Z]{2}[a": "GBWK254706100"}


@dataclass(frozen=True)
class Request:
    """What goes to the stand-in, but for the credentials: those are chosen by `token`, the name of a grant."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    token: str = "taxpayer"

    @property
    def address(self) -> str:
        return self.operation.path.format_map(self.path)

    @property
    def tax_year(self) -> str:
        return self.path.get("taxYear", "")

    def at(self, **places: str) -> "Request":
        """The same with other values in its path and, where the path has no such part, its query."""
        path = {name: places.get(name, value) for name, value in self.path.items()}
        query = {name: value for name, value in places.items() if name not in path}
        return replace(self, path=path, query={**self.query, **query})

    def within(self, **headers: str) -> "Request":
        return replace(self, headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


def sample(operation: Operation, *, full: bool = False, year: str = "") -> Request:
    """The request with the least body that has any content, or, `full`, one with every field there is."""
    path = path_of(operation, year)
    shape = operation.request
    body = None
    if shape is not None:
        body = example(in_year(shape, path["taxYear"]) if "taxYear" in path else _only(shape), year_of(path), full=full)
    query = {"nino": NINO} if operation.path.endswith(("/vendor-state", "/checkpoints")) else {}
    return Request(operation, path, query, body=body, token="taxpayer" if operation.scope else "application")


def path_of(operation: Operation, year: str = "") -> dict[str, str]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    year = year or next(each for pattern, each in _YEARS if re.search(pattern, operation.path))
    kind = next((kind for end, kind in _CALCULATION_TYPES.items() if operation.path.endswith(end)), "")
    business = BUSINESSES[type_of_business(operation)]
    values = {**_PATH, "businessId": business, "taxYear": year, "calculationType": kind}
    return {name: values[name] for name in names}


def type_of_business(operation: Operation) -> str:
    """The kind of business that an operation is for."""
    kinds = {"/foreign/": "foreign-property", "/late-acc": "self-employment", "/periods-of-acc": "self-employment"}
    return next((kind for part, kind in kinds.items() if part in operation.path), "uk-property")


def year_of(path: Mapping[str, str]) -> str:
    return path.get("taxYear", "2019-20")


def example(shape: Shape, year: str, *, full: bool = False, name: str = "") -> Any:
    """A value of a shape. Dates lie in the first quarter of a tax year."""
    if name in _FIELDS and not (full and isinstance(shape, dict)):
        return _FIELDS[name]
    if isinstance(shape, dict):
        fields = {key.removesuffix("*"): part for key, part in shape.items() if key != "..."}
        wanted = list(fields) if full else _least(shape)
        return {key: example(fields[key], year, full=full, name=key) for key in wanted}
    if isinstance(shape, list):
        return [example(shape[0], year, full=full, name=name)]
    return _leaf(shape, year, name)


def _only(shape: Shape) -> Shape:
    return in_year(shape, "2019-20")


# Days by the field's name: so many years after the tax year's first, and where in that year.
_DAYS = {
    **dict.fromkeys(("fromDate", "startDate", "qualifyingDate", "firstAccountingPeriodStartDate"), (0, "04-06")),
    **dict.fromkeys(("firstAccountingPeriodEndDate", "latencyEndDate"), (1, "04-05")),
    "endDate": (1, "03-31"),
}
_PLAIN = {
    "b": True,
    "s": "A name",
    "i": 1,
    "n": Decimal("100.00"),
    "£": Decimal("123.45"),
    "±£": Decimal("-12.34"),
    "£0dp": 12,
    "uuid": AN_ID,
    "date": "2020-04-06",
}
# What is optional by its shape, and asked for by a rule.
_ALWAYS = ("fromDate", "toDate", "periodsOfAccountDates")


def _least(shape: dict[str, Any]) -> list[str]:
    required = [key.removesuffix("*") for key in shape if key.endswith("*")]
    dates = [key for key in (each.removesuffix("*") for each in shape) if key in _ALWAYS]
    others = [key for key in shape if not key.endswith("*") and key not in {"...", *_ALWAYS}]
    content = [key for key in required if key not in dates]
    return [*dates, *(content or others[:1])]


def _leaf(shape: str, year: str, name: str) -> Any:
    if name in _DAYS:
        years, day = _DAYS[name]
        return f"{int(year[:4]) + years}-{day}"
    if name == "toDate":
        return f"{year[:4]}-{'10-05' if year >= '2026' else '07-05'}"
    if shape.startswith("="):
        return shape.removeprefix("=").split("|")[0]
    if shape.startswith("~"):
        return next(value for start, value in _PATTERNED.items() if shape.startswith(start))
    return _PLAIN.get(shape, _PLAIN[shape.split(" ", maxsplit=1)[0]])
