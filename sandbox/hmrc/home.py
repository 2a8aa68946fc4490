"""The page at / for people: who there is, what was granted, what came in lately, and every lever as a form."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from sandbox.hmrc.api import catalogue
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.kinds import AUTHORIZE, KINDS, TOKEN
from sandbox.hmrc.levers import LEVERS, BadControl, Levers, Told, Wanted
from sandbox.hmrc.modes import MODES
from sandbox.hmrc.record import APIS
from sandbox.hmrc.throttle import MODELS

STEPS = {"an hour": 3_600, "a day": 86_400, "a week": 604_800, "30 days": 2_592_000}
SHOWN = 50
# What a form field means; all others are text. A field that is left empty is not sent on.
READERS: Mapping[str, Callable[[str], Any]] = {
    "times": int,
    "lasts": float,
    "seconds": float,
    "status": int,
    "per_second": int,
    "days": int,
    "advance_seconds": float,
    "broken_body": lambda text: text == "yes",
}


@dataclass(frozen=True)
class Home:
    """The page and its forms. Its seal keeps other pages in the same browser from pressing the buttons."""

    levers: Levers
    seal: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    def blueprint(self) -> Blueprint:
        home = Blueprint("home", __name__)
        home.add_url_rule("/", "show", self.show)
        for name, pull in LEVERS.items():
            home.add_url_rule(f"/levers/{name}", f"press {name}", self._press(pull), methods=["POST"])
        home.register_error_handler(BadControl, lambda error: self._page(status=error.status, fault=str(error)))
        return home

    def show(self) -> Response:
        return self._page()

    def _press(self, pull: Callable[[Levers, Wanted], Told]) -> Callable[[], Response]:
        def press() -> Response:
            if not compare_digest(request.form.get("seal", "").encode(), self.seal.encode()):
                abort(403)
            pull(self.levers, _wanted(request.form))
            return make_response(redirect("/", code=303))

        return press

    def _page(self, *, status: int = 200, fault: str = "") -> Response:
        world, edge = self.levers.world, self.levers.edge
        clock = self.levers.tell_clock()
        page = render_template(
            "home.html",
            seal=self.seal,
            fault=fault and f"That was not done: {fault}.",
            clock=clock | {"offset_seconds": round(clock["offset_seconds"])},
            settings=self.levers.tell_settings(),
            users=world.people.everyone(),
            grants=[_grant(dict(row), now=world.clock.now()) for row in world.grants.of_users()],
            requests=edge.record.newest(limit=SHOWN),
            faults=self.levers.tell_faults()["faults"],
            rate=edge.throttle.figures(),
            choices=CHOICES,
        )
        return make_response(page, status)


def _wanted(form: Mapping[str, str]) -> dict[str, Any]:
    given = {name: value.strip() for name, value in form.items() if name != "seal" and value.strip()}
    try:
        return {name: READERS.get(name, str)(value) for name, value in given.items()}
    except ValueError:
        raise BadControl("a number was expected") from None


def _grant(row: dict[str, Any], *, now: float) -> dict[str, Any]:
    state = "revoked" if row["ended_at"] else "living" if row["ends_at"] > now else "ended"
    return row | {"state": state, "given": to_iso(row["granted_at"]), "ends": to_iso(row["ends_at"])}


CHOICES = {
    "steps": STEPS,
    "kinds": KINDS,
    "modes": MODES,
    "models": MODELS,
    "apis": sorted(set(APIS.values())),
    "operations": [TOKEN, AUTHORIZE, *sorted(one.name for one in catalogue.OPERATIONS)],
}
