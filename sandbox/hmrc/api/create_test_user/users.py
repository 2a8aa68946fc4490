"""The users that are made: an individual, an organisation, an agent."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.hmrc.api.create_test_user import services
from sandbox.hmrc.api.create_test_user.services import Service
from sandbox.hmrc.api.operation import Answer, Call
from sandbox.hmrc.api.problems import Problem, Refusal
from sandbox.hmrc.api.shapes import TEXT, Array, Object, Shape, one_of, read, text
from sandbox.hmrc.people import NINO, AlreadyThere, User, new_nino, new_user

INVALID = Problem("INVALID_REQUEST", "Payload failed validation")
NINO_TAKEN = Problem("NINO_ALREADY_USED", "The nationalInsuranceNumber specified has already been used")
MTD = "mtd-income-tax"

_FIRST = ("Aurelia", "Bertrand", "Cordelia", "Desmond", "Elspeth", "Fergus", "Gwendolen", "Horatio")
_LAST = ("Applewhite", "Birdwhistle", "Cotterford", "Dunwiddie", "Eddleston", "Fairweather", "Gillhampton")
_ADDRESS = {"line1": "7 Lantern Row", "line2": "Nether Quillcombe", "postcode": "TS1 1PA"}

# Told from the user id, so that they stay the same however often they are asked for.
_NUMBERS: Mapping[str, Callable[[str], str]] = {
    "saUtr": lambda digits: digits,
    "ctUtr": lambda digits: digits,
    "crn": lambda digits: digits[-8:],
    "empRef": lambda digits: f"{digits[:3]}/{digits[3:]}",
    "vrn": lambda digits: digits[-9:],
    "vatRegistrationDate": lambda _: "2011-06-01",
    "mtdItId": lambda digits: f"XGIT{digits}0",
    "agentServicesAccountNumber": lambda digits: f"NARN{digits[-7:]}",
    "lisaManagerReferenceNumber": lambda digits: f"Z{digits[-6:]}",
    "secureElectronicTransferReferenceNumber": lambda digits: f"{digits}00",
    "pensionSchemeAdministratorIdentifier": lambda digits: f"A{digits[-7:]}",
    "eoriNumber": lambda digits: f"GB{digits}00",
    "exciseNumber": lambda digits: f"GBWK{digits[-9:]}",
    "pillar2Id": lambda digits: f"XAPLR{digits}",
}

_NINO = text(NINO.pattern)
_EORI = text(r".{3,17}")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which services, and the numbers that were chosen rather than left to us."""

    services: tuple[Service, ...]
    chosen: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of user: the numbers that may be chosen, and how its particulars are described."""

    user_type: str
    choices: Mapping[str, Shape]
    describe: Callable[[User], Mapping[str, Any]]

    def check(self, call: Call) -> Wish:
        """Read the body. Raises Refusal with HMRC's one code for whatever is wrong."""
        known_services = services.of(self.user_type)
        names = Array(one_of(*known_services), may_be_empty=True)
        shape = Object({"serviceNames": names, **self.choices}, required=frozenset({"serviceNames"}))
        reading = read(shape, call.body)
        if reading.misshapen:
            raise Refusal(INVALID.at(*sorted({_top(path) for path in reading.misshapen} - {"/"})))
        chosen = {name: value for name, value in reading.known.items() if name in self.choices}
        asked = dict.fromkeys(reading.known["serviceNames"])
        return Wish(services=tuple(known_services[key] for key in asked), chosen=chosen)

    def create(self, call: Call, wish: Wish) -> Answer:
        """Make a user; enrolled for Making Tax Digital if that is asked for. It has no business yet."""
        name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"  # noqa: S311 - a name, not a secret
        is_enrolled = MTD in {service.key for service in wish.services}
        user = new_user(nino=wish.chosen.get("nino") or new_nino(), full_name=name, enrolled=is_enrolled)
        try:
            call.world.people.add(user)
        except AlreadyThere:
            raise Refusal(NINO_TAKEN) from None
        return Answer(201, _account(user) | dict(self.describe(user)) | _numbers(user, wish))


def _top(path: str) -> str:
    return f"/{path.split('/')[1]}" if path else "/"


def _account(user: User) -> dict[str, Any]:
    return {
        "userId": user.user_id,
        "password": user.password,
        "userFullName": user.full_name,
        "emailAddress": f"{user.full_name.replace(' ', '.')}@example.com".lower(),
    }


def _numbers(user: User, wish: Wish) -> dict[str, str]:
    digits = f"{int(user.user_id) % 10**10:010d}"
    made = {
        name: user.nino if name == "nino" else wish.chosen.get(name) or _NUMBERS[name](digits)
        for service in wish.services
        for name in service.numbers
    }
    return made | ({"taxPayerType": wish.chosen["taxPayerType"]} if "taxPayerType" in wish.chosen else {})


def _individual(user: User) -> dict[str, Any]:
    first, last = user.full_name.split(" ")
    return {
        "individualDetails": {
            "firstName": first,
            "lastName": last,
            "dateOfBirth": "1972-03-14",
            "address": _ADDRESS,
        }
    }


def _organisation(user: User) -> dict[str, Any]:
    surname = user.full_name.split(" ")[1]
    return {"organisationDetails": {"name": f"{surname} Estates", "address": _ADDRESS}} | _individual(user)


INDIVIDUAL = Kind(
    user_type=services.INDIVIDUAL,
    choices={"nino": _NINO, "eoriNumber": _EORI},
    describe=_individual,
)
ORGANISATION = Kind(
    user_type=services.ORGANISATION,
    choices={
        "nino": _NINO,
        "eoriNumber": _EORI,
        "exciseNumber": text(r"[A-Z]{2}[a-zA-Z0-9]{11}"),
        "taxPayerType": TEXT,
        "pillar2Id": TEXT,
    },
    describe=_organisation,
)
AGENT = Kind(user_type=services.AGENT, choices={}, describe=lambda _: {})
