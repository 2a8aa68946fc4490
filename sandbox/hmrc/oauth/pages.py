"""The pages a user walks through: authorize → sign in → access code → consent → back to the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlencode

from authlib.common.urls import add_params_to_uri
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from sandbox.hmrc.api.operation import World
from sandbox.hmrc.oauth.authorize import SCOPES, BadRequest, read
from sandbox.hmrc.oauth.journeys import Journey, Journeys
from sandbox.hmrc.people import User
from sandbox.hmrc.redirects import OUT_OF_BAND

SIGN_IN, CODE, CONSENT = "/sign-in", "/sign-in/code", "/oauth/consent"
DENIAL = {
    "error": "access_denied",
    "error_description": "user denied the authorization",
    "error_code": "USER_DENIED_AUTHORIZATION",
}


class Lost(Exception):  # noqa: N818 - the word of the house
    """The journey is unknown or over, or the user is not so far yet."""


@dataclass(frozen=True)
class Pages:
    """The pages of one world, each a form that posts to its own path. They need no script and no cookie."""

    world: World
    journeys: Journeys

    def blueprint(self) -> Blueprint:
        pages = Blueprint("oauth", __name__)
        pages.add_url_rule("/oauth/authorize", view_func=self.authorize)
        for path, show, take in (
            (SIGN_IN, self.show_sign_in, self.take_sign_in),
            (CODE, self.show_code, self.take_code),
            (CONSENT, self.show_consent, self.take_consent),
        ):
            pages.add_url_rule(path, view_func=show, methods=["GET"])
            pages.add_url_rule(path, view_func=take, methods=["POST"])
        pages.register_error_handler(BadRequest, _show_refusal)
        pages.register_error_handler(Lost, _show_lost)
        return pages

    def authorize(self) -> Response:
        wish = read(query=request.query_string.decode(errors="replace"), config=self.world.config)
        return _go_on(SIGN_IN, self.journeys.begin(wish, now=self.world.clock.now()))

    # Sign in

    def show_sign_in(self) -> Response:
        self._journey(request.args)
        return _page("sign_in.html", request.args)

    def take_sign_in(self) -> Response:
        self._journey(request.form)
        user = self.world.people.by_id(request.form.get("user_id", "").strip())
        if user is None or not _same(request.form.get("password", ""), user.password):
            return _page("sign_in.html", request.form, status=401, fault="The user ID or the password is wrong.")
        self.journeys.sign_in(request.form["journey"], user_id=user.user_id)
        return _go_on(CODE, request.form["journey"])

    # Second step

    def show_code(self) -> Response:
        return _page("code.html", request.args, user=self._user(self._journey(request.args)))

    def take_code(self) -> Response:
        user = self._user(self._journey(request.form))
        if not _same(request.form.get("access_code", "").strip(), user.access_code):
            return _page("code.html", request.form, status=401, user=user, fault="The access code is wrong.")
        self.journeys.verify(request.form["journey"])
        return _go_on(CONSENT, request.form["journey"])

    # Consent

    def show_consent(self) -> Response:
        journey = self._verified(request.args)
        return self._consent_page(request.args, journey)

    def take_consent(self) -> Response:
        journey = self._verified(request.form)
        decision = request.form.get("decision")
        if decision not in {"grant", "deny"}:
            return self._consent_page(request.form, journey, status=400, fault="Choose one of the two buttons.")
        if not self.journeys.finish(request.form["journey"]):
            raise Lost
        answer = {"code": self._issue(journey)} if decision == "grant" else DENIAL
        return _back(journey, answer)

    def _issue(self, journey: Journey) -> str:
        wish = journey.request
        return self.world.grants.issue_code(
            user_id=self._user(journey).user_id,
            scope=wish.scope,
            redirect_uri=wish.redirect_uri,
            challenge=wish.challenge,
            now=self.world.clock.now(),
        )

    def _consent_page(
        self, form: Mapping[str, str], journey: Journey, *, status: int = 200, fault: str = ""
    ) -> Response:
        scopes = [SCOPES[scope] for scope in journey.request.scope.split()]
        name = self.world.config.application_name
        return _page("consent.html", form, status=status, fault=fault, scopes=scopes, application=name)

    # Where the user is

    def _journey(self, form: Mapping[str, str]) -> Journey:
        journey = self.journeys.find(form.get("journey", ""), now=self.world.clock.now())
        if journey is None:
            raise Lost
        return journey

    def _user(self, journey: Journey) -> User:
        user = self.world.people.by_id(journey.user_id or "")
        if user is None:
            raise Lost
        return user

    def _verified(self, form: Mapping[str, str]) -> Journey:
        journey = self._journey(form)
        if not journey.verified:
            raise Lost
        return journey


def _same(given: str, known: str) -> bool:
    return compare_digest(given.encode(), known.encode())


def _go_on(path: str, journey_id: str) -> Response:
    return make_response(redirect(f"{path}?{urlencode({'journey': journey_id})}", code=303))


def _back(journey: Journey, answer: Mapping[str, str]) -> Response:
    wish = journey.request
    if wish.redirect_uri in OUT_OF_BAND:
        return make_response(render_template("out_of_band.html", answer=answer))
    values = dict(answer) | ({} if wish.state is None else {"state": wish.state})
    return make_response(redirect(add_params_to_uri(wish.redirect_uri, values), code=303))


def _page(template: str, form: Mapping[str, str], *, status: int = 200, fault: str = "", **values: object) -> Response:
    page = render_template(template, journey=form["journey"], fault=fault, user_id=form.get("user_id", ""), **values)
    return make_response(page, status)


def _show_refusal(problem: BadRequest) -> Response:
    if not request.accept_mimetypes.accept_html or "text/html" not in request.headers.get("Accept", ""):
        return make_response(jsonify(error=problem.error, error_description=problem.description), 400)
    return make_response(render_template("refused.html", problem=problem), 400)


def _show_lost(_: Lost) -> Response:
    return make_response(render_template("lost.html"), 400)
