"""
The control API under /control: JSON in and out, for tests and demonstrations. Loopback only.

    GET    /health
    GET    /users
    GET    /magic                those with a fixed outcome: as users, with `outcome` and what it `says`
    POST   /users                {nino?, full_name?, enrolled?, businesses?: [{type_of_business, …}]} → 201
    POST   /users/{user_id}      {enrolled}
    GET    /submissions?nino=    newest first, with how many times each was sent
    GET    /requests?limit=&api=&operation=    newest first, without tokens and secrets
    GET    /grants?after=        living refresh tokens by digest, and sends of a token that was being spent or spent
    GET    /clock, /rate, /faults, /settings
    DELETE /faults
    POST   /{lever}              see `levers`
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from sandbox.hmrc.api import exact
from sandbox.hmrc.businesses import Business, read_business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.filings import Filing
from sandbox.hmrc.levers import LEVERS, BadControl, Levers, Told, Wanted
from sandbox.hmrc.magic import MAGIC
from sandbox.hmrc.people import NINO, AlreadyThere, User, new_nino, new_user
from sandbox.hmrc.replies import reply

Pull = Callable[[Levers, Wanted], Told]
# What is made is answered so; a lever that has nothing to tell answers 204.
CREATED = {"faults"}


@dataclass(frozen=True)
class Control:
    """The control API of one world."""

    levers: Levers

    def blueprint(self) -> Blueprint:
        control = Blueprint("control", __name__, url_prefix="/control")
        for path, method, view in (
            ("/health", "GET", self.health),
            ("/users", "GET", self.list_users),
            ("/magic", "GET", self.list_magic),
            ("/users", "POST", self.add_user),
            ("/users/<user_id>", "POST", self.set_enrolled),
            ("/requests", "GET", self.list_requests),
            ("/submissions", "GET", self.list_submissions),
            ("/grants", "GET", self.list_grants),
            ("/clock", "GET", lambda: reply(200, self.levers.tell_clock())),
            ("/rate", "GET", lambda: reply(200, self.levers.edge.throttle.figures())),
            ("/settings", "GET", lambda: reply(200, self.levers.tell_settings())),
            ("/faults", "GET", lambda: reply(200, self.levers.tell_faults())),
            ("/faults", "DELETE", self.clear_faults),
        ):
            control.add_url_rule(path, f"{method} {path[1:]}", view, methods=[method])
        for name, pull in LEVERS.items():
            control.add_url_rule(f"/{name}", f"pull {name}", self._view(name, pull), methods=["POST"])
        control.register_error_handler(BadControl, lambda error: reply(error.status, {"error": str(error)}))
        return control

    def _view(self, name: str, pull: Pull) -> Callable[[], Response]:
        def view() -> Response:
            told = pull(self.levers, _body())
            return reply(201 if name in CREATED else 200, told) if told else reply(204)

        return view

    def health(self) -> Response:
        return reply(200, {"status": "ok", "now": to_iso(self.levers.world.clock.now())})

    # Users

    def list_users(self) -> Response:
        return reply(200, {"users": [describe(user) for user in self.levers.world.people.everyone()]})

    def list_magic(self) -> Response:
        told = [
            {**describe(user), "outcome": MAGIC[user.nino].outcome, "says": MAGIC[user.nino].says}
            for user in self.levers.world.people.magic()
        ]
        return reply(200, {"users": told})

    def add_user(self) -> Response:
        user = _read_user(_body())
        try:
            self.levers.world.people.add(user)
        except AlreadyThere as error:
            raise BadControl(str(error), 409) from error
        return reply(201, describe(user))

    def set_enrolled(self, user_id: str) -> Response:
        enrolled, people = _body().get("enrolled"), self.levers.world.people
        if not isinstance(enrolled, bool):
            raise BadControl("enrolled is true or false")
        if not people.set_enrolled(user_id=user_id, enrolled=enrolled):
            raise BadControl("there is no such user", 404)
        user = people.by_id(user_id)
        return reply(200, describe(user) if user else {})

    # What was received

    def list_requests(self) -> Response:
        limit = request.args.get("limit", default=50, type=int)
        of = {name: request.args.get(name) for name in ("api", "operation")}
        return reply(200, {"requests": self.levers.edge.record.newest(limit=limit, **of)})

    def list_grants(self) -> Response:
        world, after = self.levers.world, request.args.get("after", default=0, type=int)
        living = [dict(row) for row in world.grants.refresh_digests(now=world.clock.now())]
        return reply(200, {"grants": living, "sent_again": world.sends.again(after=after)})

    def list_submissions(self) -> Response:
        held = self.levers.world.filings.held(nino=request.args.get("nino"))
        return reply(200, {"submissions": [_submission(filing) for filing in held]})

    def clear_faults(self) -> Response:
        self.levers.lift_faults({})
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
    if not isinstance(body, dict) or not _is_unicode(body):
        raise BadControl("send a JSON object")
    return body


def _is_unicode(body: object) -> bool:
    """Tell whether all text can be kept and shown: JSON can write half a character."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


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
