"""Create Test User 1.0: an individual to sign in with, made up on the spot."""

import random
from typing import Any

from sandbox.hmrc.api.operation import APPLICATION, Answer, Call, Operation
from sandbox.hmrc.api.problems import Problem, Refusal
from sandbox.hmrc.people import NINO, AlreadyThere, User, new_nino, new_user

BASE = "/create-test-user"
SERVICES = frozenset(
    {
        "national-insurance",
        "self-assessment",
        "mtd-income-tax",
        "customs-services",
        "goods-vehicle-movements",
        "import-control-system",
        "mtd-vat",
        "common-transit-convention-traders",
        "common-transit-convention-traders-legacy",
    }
)
_NINO_SERVICES = frozenset({"national-insurance", "mtd-income-tax"})
_FIRST = ("Aurelia", "Bertrand", "Cordelia", "Desmond", "Elspeth", "Fergus", "Gwendolen", "Horatio")
_LAST = ("Applewhite", "Birdwhistle", "Cotterford", "Dunwiddie", "Eddleston", "Fairweather", "Gillhampton")
INVALID = Problem("INVALID_REQUEST", "Payload failed validation")
NINO_TAKEN = Problem("NINO_ALREADY_USED", "The nationalInsuranceNumber specified has already been used")


def check_individual(call: Call) -> tuple[frozenset[str], str | None]:
    return _read(call.body)


def create_individual(call: Call, read: tuple[frozenset[str], str | None]) -> Answer:
    """Make a user; enrolled for Making Tax Digital if `mtd-income-tax` is asked for. It has no business yet."""
    services, nino = read
    name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"  # noqa: S311 - a name, not a secret
    user = new_user(nino=nino or new_nino(), full_name=name, enrolled="mtd-income-tax" in services)
    try:
        call.world.people.add(user)
    except AlreadyThere:
        raise Refusal(NINO_TAKEN) from None
    return Answer(201, _describe(user, services))


def _read(body: object) -> tuple[frozenset[str], str | None]:
    given = body if isinstance(body, dict) else {}
    services, nino = given.get("serviceNames"), given.get("nino")
    if not isinstance(services, list) or not all(isinstance(one, str) for one in services):
        raise Refusal(INVALID.at("/serviceNames"))
    if set(services) - SERVICES:
        raise Refusal(INVALID.at("/serviceNames"))
    if nino is not None and not (isinstance(nino, str) and NINO.fullmatch(nino)):
        raise Refusal(INVALID.at("/nino"))
    return frozenset(services), nino


def _describe(user: User, services: frozenset[str]) -> dict[str, Any]:
    first, last = user.full_name.split(" ")
    individual = {
        "firstName": first,
        "lastName": last,
        "dateOfBirth": "1972-03-14",
        "address": {"line1": "7 Lantern Row", "line2": "Nether Quillcombe", "postcode": "TS1 1PA"},
    }
    return {
        "userId": user.user_id,
        "password": user.password,
        "userFullName": user.full_name,
        "emailAddress": f"{first}.{last}@example.com".lower(),
        "individualDetails": individual,
    } | _numbers(user, services)


def _numbers(user: User, services: frozenset[str]) -> dict[str, str]:
    # The long numbers are told from the user id, so that they stay the same however often they are asked for.
    digits = f"{int(user.user_id) % 10**10:010d}"
    numbers = {"saUtr": digits} if "self-assessment" in services else {}
    if services & _NINO_SERVICES:
        numbers["nino"] = user.nino
    return numbers | ({"mtdItId": f"XGIT{digits}0"} if "mtd-income-tax" in services else {})


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="create_test_user",
        method="POST",
        path=f"{BASE}/individuals",
        version="1.0",
        scope=APPLICATION,
        takes_body=True,
        check=check_individual,
        stateful=create_individual,
    ),
)
