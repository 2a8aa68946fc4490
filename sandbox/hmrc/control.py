"""
The control API under /control: JSON in and out, for tests and demonstrations. Loopback only.

    GET            /health
    GET            /users
    POST           /users                {nino?, full_name?, enrolled?, businesses?: [{type_of_business, …}]} → 201
    POST           /users/{user_id}      {enrolled}
    POST           /grants/revoke        {nino} → {revoked}
    GET POST       /clock                {advance_seconds} or {offset_seconds} → {now, today, offset_seconds}
    GET            /submissions?nino=    newest first, with how many times each was sent
    GET            /requests?limit=      newest first, without tokens and secrets
    GET POST DEL   /faults               {kind, operation?, times?, nino?, seconds?, status?}
    GET            /rate                 {per_second, accepted, refused, worst_second}
    POST           /reset
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from sandbox.hmrc import seeds
from sandbox.hmrc.api import exact
from sandbox.hmrc.api.operation import World
from sandbox.hmrc.businesses import Business, read_business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.edge import Edge, reply
from sandbox.hmrc.faults import BadFault, Fault
from sandbox.hmrc.filings import Filing
from sandbox.hmrc.oauth.journeys import Journeys
from sandbox.hmrc.people import NINO, AlreadyThere, User, new_nino, new_user


class BadControl(Exception):  # noqa: N818 - the word of the house
    """A control request makes no sense; the status says how."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Control:
    """The control API of one world."""

    world: World
    edge: Edge
    journeys: Journeys

    def blueprint(self) -> Blueprint:
        control = Blueprint("control", __name__, url_prefix="/control")
        for path, method, view in (
            ("/health", "GET", self.health),
            ("/users", "GET", self.list_users),
            ("/users", "POST", self.add_user),
            ("/users/<user_id>", "POST", self.set_enrolled),
            ("/clock", "GET", self.show_clock),
            ("/clock", "POST", self.move_clock),
            ("/requests", "GET", self.list_requests),
            ("/submissions", "GET", self.list_submissions),
            ("/grants/revoke", "POST", self.revoke),
            ("/faults", "GET", self.list_faults),
            ("/faults", "POST", self.add_fault),
            ("/faults", "DELETE", self.clear_faults),
            ("/rate", "GET", self.show_rate),
            ("/reset", "POST", self.reset),
        ):
            control.add_url_rule(path, view_func=view, methods=[method])
        control.register_error_handler(BadControl, lambda error: reply(error.status, {"error": str(error)}))
        return control

    def health(self) -> Response:
        return reply(200, {"status": "ok", "now": to_iso(self.world.clock.now())})

    # Users

    def list_users(self) -> Response:
        return reply(200, {"users": [describe(user) for user in self.world.people.everyone()]})

    def add_user(self) -> Response:
        user = _read_user(_body())
        try:
            self.world.people.add(user)
        except AlreadyThere as error:
            raise BadControl(str(error), 409) from error
        return reply(201, describe(user))

    def set_enrolled(self, user_id: str) -> Response:
        enrolled = _body().get("enrolled")
        if not isinstance(enrolled, bool):
            raise BadControl("enrolled is true or false")
        if not self.world.people.set_enrolled(user_id=user_id, enrolled=enrolled):
            raise BadControl("there is no such user", 404)
        user = self.world.people.by_id(user_id)
        return reply(200, describe(user) if user else {})

    def revoke(self) -> Response:
        user = self.world.people.by_nino(str(_body().get("nino", "")))
        if user is None:
            raise BadControl("there is no user with this NINO", 404)
        revoked = self.world.grants.revoke(user_id=user.user_id, now=self.world.clock.now())
        return reply(200, {"revoked": revoked})

    # Clock

    def show_clock(self) -> Response:
        clock = self.world.clock
        return reply(
            200, {"now": to_iso(clock.now()), "today": clock.today().isoformat(), "offset_seconds": clock.offset()}
        )

    def move_clock(self) -> Response:
        body = _body()
        try:
            if "advance_seconds" in body:
                self.world.clock.advance(seconds=_number(body["advance_seconds"]))
            else:
                self.world.clock.set(offset=_number(body.get("offset_seconds")))
        except ValueError as error:
            raise BadControl(str(error)) from error
        return self.show_clock()

    # What was received

    def list_requests(self) -> Response:
        limit = request.args.get("limit", default=50, type=int)
        return reply(200, {"requests": self.edge.record.newest(limit=limit)})

    def list_submissions(self) -> Response:
        held = self.world.filings.held(nino=request.args.get("nino"))
        return reply(200, {"submissions": [_submission(filing) for filing in held]})

    # Faults

    def list_faults(self) -> Response:
        return reply(200, {"faults": self.edge.faults.listed()})

    def add_fault(self) -> Response:
        try:
            self.edge.faults.add(Fault(**_body()))
        except (BadFault, TypeError) as error:
            raise BadControl(str(error)) from error
        return reply(201, {"faults": self.edge.faults.listed()})

    def clear_faults(self) -> Response:
        self.edge.faults.clear()
        return reply(204)

    def show_rate(self) -> Response:
        return reply(200, self.edge.throttle.figures())

    def reset(self) -> Response:
        """Back to the first start: grants, codes, submissions, added users, faults and the clock; passwords stay."""
        for kept in (self.world.grants, self.world.vendor_state, self.journeys):
            kept.drop_all()
        seeds.reset(self.world.people)
        self.world.mode.reset()
        self.world.lag_seconds.reset()
        self.edge.faults.clear()
        self.edge.record.clear()
        self.edge.throttle.reset()
        self.world.clock.set(offset=0)
        return reply(204)


def describe(user: User) -> dict[str, Any]:
    """Write a user for the control API, password and access code included."""
    return {
        "user_id": user.user_id,
        "password": user.password,
        "access_code": user.access_code,
        "nino": user.nino,
        "full_name": user.full_name,
        "enrolled": user.enrolled,
        "businesses": [business.describe() for business in user.businesses],
    }


def _submission(filing: Filing) -> dict[str, Any]:
    return {
        "nino": filing.nino,
        "business_id": filing.business_id,
        "tax_year": filing.tax_year,
        "body": exact.loads(filing.body.encode()),
        "submitted_on": to_iso(filing.submitted_at),
        "times": filing.times,
    }


def _body() -> dict[str, Any]:
    # A web page of another origin can't send this content type without asking, and is not answered when it asks.
    if request.mimetype != "application/json":
        raise BadControl("send application/json", 415)
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadControl("send a JSON object")
    return body


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadControl("send advance_seconds or offset_seconds, a number")
    return float(value)


def _read_user(body: dict[str, Any]) -> User:
    nino, name, enrolled = body.get("nino"), body.get("full_name", "Winifred Larkspur"), body.get("enrolled", True)
    if nino is not None and not (isinstance(nino, str) and NINO.fullmatch(nino)):
        raise BadControl("nino does not have the shape of a NINO that HMRC takes")
    if not isinstance(enrolled, bool) or not isinstance(name, str):
        raise BadControl("enrolled is true or false, full_name is text")
    businesses = body.get("businesses", [{"type_of_business": "uk-property"}])
    if not isinstance(businesses, list):
        raise BadControl("businesses is a list")
    owned = tuple(_read_business(one) for one in businesses)
    return new_user(nino=nino or new_nino(), full_name=name, enrolled=enrolled, businesses=owned)


def _read_business(given: object) -> Business:
    try:
        return read_business(given)
    except ValueError as error:
        raise BadControl(str(error)) from error
