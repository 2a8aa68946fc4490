"""The page at / for people: who there is, what was granted, what came in lately, and the common controls."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from sandbox.hmrc.api.operation import World
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.edge import Edge

STEPS = {"hour": 3_600, "day": 86_400, "week": 604_800, "30 days": 2_592_000}
SHOWN = 20


@dataclass(frozen=True)
class Home:
    """The page and its forms. Its seal keeps other pages in the same browser from pressing the buttons."""

    world: World
    edge: Edge
    seal: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    def blueprint(self) -> Blueprint:
        home = Blueprint("home", __name__)
        home.add_url_rule("/", view_func=self.show)
        home.add_url_rule("/revoke", view_func=self.revoke, methods=["POST"])
        home.add_url_rule("/advance", view_func=self.advance, methods=["POST"])
        home.add_url_rule("/clear-faults", view_func=self.clear_faults, methods=["POST"])
        return home

    def show(self) -> Response:
        clock = self.world.clock
        page = render_template(
            "home.html",
            seal=self.seal,
            steps=STEPS,
            now=to_iso(clock.now()),
            offset=round(clock.offset()),
            users=self.world.people.everyone(),
            grants=self.world.grants.of_users(),
            requests=self.edge.record.newest(limit=SHOWN),
            faults=self.edge.faults.listed(),
            rate=self.edge.throttle.figures(),
            to_iso=to_iso,
        )
        return make_response(page)

    def revoke(self) -> Response:
        form = self._form()
        self.world.grants.revoke(user_id=form.get("user_id", ""), now=self.world.clock.now())
        return _home()

    def advance(self) -> Response:
        self.world.clock.advance(seconds=STEPS.get(self._form().get("step", ""), 0))
        return _home()

    def clear_faults(self) -> Response:
        self._form()
        self.edge.faults.clear()
        return _home()

    def _form(self) -> Mapping[str, str]:
        if not compare_digest(request.form.get("seal", "").encode(), self.seal.encode()):
            abort(403)
        return request.form


def _home() -> Response:
    return make_response(redirect("/", code=303))
