"""What the pages share: where the user is on the way, and how a page leads to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template

from sandbox.hmrc.api.operation import World
from sandbox.hmrc.oauth.journeys import Journey, Journeys, Request
from sandbox.hmrc.people import User

SIGN_IN, CODE, CONSENT = "/sign-in", "/sign-in/code", "/oauth/consent"
MANAGE = "/applications-manage-authority"


class Lost(Exception):  # noqa: N818 - the word of the house
    """The journey is unknown or over, or the user is not so far yet."""


@dataclass(frozen=True)
class Walk:
    """Journeys through the pages of one world. Every question here raises Lost where it has no answer."""

    world: World
    journeys: Journeys

    def begin(self, request: Request | None) -> Response:
        """Send the browser to sign in: for an application's request, or to manage what was given (None)."""
        return go_on(SIGN_IN, self.journeys.begin(request, now=self.world.clock.now()))

    def journey(self, form: Mapping[str, str]) -> Journey:
        journey = self.journeys.find(form.get("journey", ""), now=self.world.clock.now())
        if journey is None:
            raise Lost
        return journey

    def user(self, journey: Journey) -> User:
        user = self.world.people.by_id(journey.user_id or "")
        if user is None:
            raise Lost
        return user

    def request(self, form: Mapping[str, str]) -> tuple[Request, User]:
        """What an application asks for, of a user who has done the second step."""
        journey = self.journey(form)
        if not journey.verified or journey.request is None:
            raise Lost
        return journey.request, self.user(journey)

    def manager(self, form: Mapping[str, str]) -> User:
        """A user who has done the second step to manage what was given."""
        journey = self.journey(form)
        if not journey.verified or journey.request is not None:
            raise Lost
        return self.user(journey)


def is_same(given: str, known: str) -> bool:
    return compare_digest(given.encode(), known.encode())


def go_on(path: str, journey_id: str) -> Response:
    return make_response(redirect(f"{path}?{urlencode({'journey': journey_id})}", code=303))


def page(template: str, form: Mapping[str, str], *, status: int = 200, fault: str = "", **values: object) -> Response:
    shown = render_template(template, journey=form["journey"], fault=fault, user_id=form.get("user_id", ""), **values)
    return make_response(shown, status)
