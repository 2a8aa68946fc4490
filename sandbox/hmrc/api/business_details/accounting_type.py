"""Retrieve and update the accounting type of a business for a tax year."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.business_details.place import (
    FIRST_YEAR,
    YEAR_PATH,
    Place,
    find_business,
    held,
    keep,
    open_business,
    read_place,
)
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation, fixed, scenarios
from sandbox.hmrc.api.problems import refuse
from sandbox.hmrc.api.shapes import Object, one_of, read
from sandbox.hmrc.businesses import ACCOUNTING_TYPES

PATH = f"{YEAR_PATH}/accounting-type"
KIND = "accounting-type"
BODY = Object({"accountingType": one_of(*ACCOUNTING_TYPES)}, required=frozenset({"accountingType"}))


@dataclass(frozen=True, kw_only=True)
class Update:
    place: Place
    accounting_type: str


def check_update(call: Call) -> Update:
    reading = read(BODY, call.body)
    place = read_place(call, earliest=FIRST_YEAR, and_also=reading.body_problems)
    return Update(place=place, accounting_type=reading.known["accountingType"])


def update(call: Call, wanted: Update) -> Answer:
    open_business(call, wanted.place)
    keep(call, KIND, wanted.place, json.dumps({"accountingType": wanted.accounting_type}))
    return Answer(204)


def retrieve(call: Call, place: Place) -> Answer:
    """Return what was set for that year, else what the business started with."""
    business = find_business(call, place.business_id) or refuse(problems.NOT_FOUND)
    filing = held(call, KIND, place)
    return Answer(200, filing.body if filing else {"accountingType": business.accounting_type})


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="accounting_type_get",
        method="GET",
        path=PATH,
        version="2.0",
        scope=READ,
        check=read_place,
        stateful=retrieve,
        canned=fixed(200, {"accountingType": "ACCRUAL"}),
        scenarios={"NOT_FOUND": problems.NOT_FOUND},
    ),
    Operation(
        name="accounting_type_put",
        method="PUT",
        path=PATH,
        version="2.0",
        scope=WRITE,
        takes_body=True,
        check=check_update,
        stateful=update,
        canned=fixed(204),
        scenarios=scenarios(problems.WINDOW_CLOSED) | {"NOT_FOUND": problems.NOT_FOUND},
    ),
)
