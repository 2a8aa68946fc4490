"""The pages a user walks through: authorize → sign in → access code → consent → back to the application."""

from collections.abc import Mapping
from dataclasses import dataclass

from authlib.common.urls import add_params_to_uri
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from sandbox.hmrc.faults import Faults
from sandbox.hmrc.kinds import AUTHORIZE
from sandbox.hmrc.magic import outcome_of
from sandbox.hmrc.oauth.authority import Authority
from sandbox.hmrc.oauth.authorize import SCOPES, BadRequest, ServerError, read
from sandbox.hmrc.oauth.journeys import Request
from sandbox.hmrc.oauth.walk import CODE, CONSENT, MANAGE, SIGN_IN, Lost, Walk, go_on, is_same, page
from sandbox.hmrc.people import User
from sandbox.hmrc.redirects import OUT_OF_BAND

DENIAL = {
    "error": "access_denied",
    "error_description": "user denied the authorization",
    "error_code": "USER_DENIED_AUTHORIZATION",
}
# HMRC's own word for its usual length; any other is told in days.
WORDS = {547: "18 months"}


@dataclass(frozen=True)
class Pages:
    """The pages of one world, each a form that posts to its own path. They need no script and no cookie."""

    walk: Walk
    faults: Faults

    def blueprint(self) -> Blueprint:
        pages, authority = Blueprint("oauth", __name__), Authority(self.walk)
        pages.add_url_rule("/oauth/authorize", view_func=self.authorize)
        for path, show, take in (
            (SIGN_IN, self.show_sign_in, self.take_sign_in),
            (CODE, self.show_code, self.take_code),
            (CONSENT, self.show_consent, self.take_consent),
            (MANAGE, authority.show, authority.take),
        ):
            pages.add_url_rule(path, f"show {path}", show, methods=["GET"])
            pages.add_url_rule(path, f"take {path}", take, methods=["POST"])
        pages.register_error_handler(BadRequest, _show_refusal)
        pages.register_error_handler(Lost, _show_lost)
        return pages

    def authorize(self) -> Response:
        world = self.walk.world
        if self.faults.take(operation=AUTHORIZE, now=world.clock.now()):
            raise ServerError
        return self.walk.begin(read(query=request.query_string.decode(errors="replace"), config=world.config))

    # Sign in

    def show_sign_in(self) -> Response:
        self.walk.journey(request.args)
        return page("sign_in.html", request.args)

    def take_sign_in(self) -> Response:
        self.walk.journey(request.form)
        user = self.walk.world.people.by_id(request.form.get("user_id", "").strip())
        if user is None or not is_same(request.form.get("password", ""), user.password):
            return page("sign_in.html", request.form, status=401, fault="The user ID or the password is wrong.")
        self.walk.journeys.sign_in(request.form["journey"], user_id=user.user_id)
        return go_on(CODE, request.form["journey"])

    # Second step

    def show_code(self) -> Response:
        return page("code.html", request.args, user=self.walk.user(self.walk.journey(request.args)))

    def take_code(self) -> Response:
        journey = self.walk.journey(request.form)
        user = self.walk.user(journey)
        if not is_same(request.form.get("access_code", "").strip(), user.access_code):
            return page("code.html", request.form, status=401, user=user, fault="The access code is wrong.")
        self.walk.journeys.verify(request.form["journey"])
        return go_on(CONSENT if journey.request else MANAGE, request.form["journey"])

    # Consent

    def show_consent(self) -> Response:
        wish, _ = self.walk.request(request.args)
        return self._consent_page(request.args, wish)

    def take_consent(self) -> Response:
        wish, user = self.walk.request(request.form)
        decision = request.form.get("decision")
        if decision not in {"grant", "deny"}:
            return self._consent_page(request.form, wish, status=400, fault="Choose one of the two buttons.")
        if not self.walk.journeys.finish(request.form["journey"]):
            raise Lost
        says_yes = decision == "grant" and outcome_of(user.nino) != "denies"
        return _back(wish, {"code": self._issue(wish, user)} if says_yes else DENIAL)

    def _issue(self, wish: Request, user: User) -> str:
        return self.walk.world.grants.issue_code(
            user_id=user.user_id,
            scope=wish.scope,
            redirect_uri=wish.redirect_uri,
            challenge=wish.challenge,
            now=self.walk.world.clock.now(),
        )

    def _consent_page(self, form: Mapping[str, str], wish: Request, *, status: int = 200, fault: str = "") -> Response:
        days = self.walk.world.grants.days.get()
        return page(
            "consent.html",
            form,
            status=status,
            fault=fault,
            scopes=[SCOPES[scope] for scope in wish.scope.split()],
            application=self.walk.world.config.application_name,
            lasts=WORDS.get(days, f"{days} days"),
        )


def _back(wish: Request, answer: Mapping[str, str]) -> Response:
    if wish.redirect_uri in OUT_OF_BAND:
        return make_response(render_template("out_of_band.html", answer=answer))
    values = dict(answer) | ({} if wish.state is None else {"state": wish.state})
    return make_response(redirect(add_params_to_uri(wish.redirect_uri, values), code=303))


def _show_refusal(problem: BadRequest) -> Response:
    if "text/html" not in request.headers.get("Accept", "") or not request.accept_mimetypes.accept_html:
        body = jsonify(error=problem.error, error_description=problem.description)
        return make_response(body, problem.status)
    return make_response(render_template("refused.html", problem=problem), problem.status)


def _show_lost(_: Lost) -> Response:
    return make_response(render_template("lost.html"), 400)
