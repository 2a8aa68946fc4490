"""The stand-in as a WSGI application."""

from collections.abc import Callable
from ipaddress import ip_address

import structlog
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from sandbox.hmrc import seeds, settings
from sandbox.hmrc.api import problems
from sandbox.hmrc.api.catalogue import ROUTES
from sandbox.hmrc.api.operation import World
from sandbox.hmrc.api.problems import Refusal
from sandbox.hmrc.api.routes import Versions
from sandbox.hmrc.api.serve import Incoming, serve
from sandbox.hmrc.calculations import Calculations
from sandbox.hmrc.clock import Clock
from sandbox.hmrc.config import Config
from sandbox.hmrc.control import Control
from sandbox.hmrc.edge import Edge, Ending
from sandbox.hmrc.filings import Filings
from sandbox.hmrc.home import Home
from sandbox.hmrc.kinds import TOKEN
from sandbox.hmrc.levers import Levers
from sandbox.hmrc.moved import Moved
from sandbox.hmrc.oauth.endpoint import serve_token
from sandbox.hmrc.oauth.grants import Grants
from sandbox.hmrc.oauth.journeys import Journeys
from sandbox.hmrc.oauth.pages import Pages
from sandbox.hmrc.oauth.sends import Sends
from sandbox.hmrc.oauth.token import TokenServer
from sandbox.hmrc.oauth.walk import Walk
from sandbox.hmrc.people import People
from sandbox.hmrc.record import Record
from sandbox.hmrc.records import Records
from sandbox.hmrc.replies import refusal, reply, stamp
from sandbox.hmrc.statuses import Statuses
from sandbox.hmrc.store import Store
from sandbox.hmrc.throttle import Throttle
from sandbox.hmrc.trouble import Pause
from sandbox.hmrc.vendor_state import VendorState

LARGEST_BODY = 1_000_000
SERVER_ERROR = {"error": "server_error", "error_description": "an internal server error occurred"}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

log = structlog.get_logger()


def create_app(config: Config) -> Flask:
    """Build the stand-in over its home folder, where users are sown at first start."""
    world = _build_world(config)
    edge, journeys = _build_edge(world), Journeys(store=world.store)
    seeds.sow(world.people)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    _route_apis(app, world, edge)
    _route_token(app, world, edge)
    app.register_blueprint(Pages(Walk(world, journeys), edge.faults).blueprint())
    levers = Levers(world, edge, journeys)
    for local in (Control(levers).blueprint(), Home(levers).blueprint()):
        local.before_request(_only_from_here)
        app.register_blueprint(local)
    app.after_request(_guard_page)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_crash)
    app.wsgi_app = Moved(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _build_world(config: Config) -> World:
    store = Store(file=config.home / "state.sqlite3")
    return World(
        config=config,
        clock=Clock(file=config.clock_path),
        store=store,
        people=People(store=store),
        grants=Grants(store=store, days=config.grant_days),
        sends=Sends(),
        filings=Filings(store=store),
        records=Records(store=store),
        calculations=Calculations(store=store),
        statuses=Statuses(store=store),
        vendor_state=VendorState(store=store),
        mode=settings.mode(store, default=config.mode),
        lag_seconds=settings.lag_seconds(store),
        record=Record(),
    )


def _build_edge(world: World) -> Edge:
    endings = {"revoke": _ending(world, world.grants.revoke), "end_grant": _ending(world, world.grants.end)}
    return Edge(world.clock, Throttle(world.config.rate), endings, record=world.record)


def _ending(world: World, end: Callable[..., int]) -> Ending:
    def work(nino: str) -> None:
        user = world.people.by_nino(nino)
        if user:
            end(user_id=user.user_id, now=world.clock.now())

    return work


# Routes


def _route_apis(app: Flask, world: World, edge: Edge) -> None:
    def view(**_: str) -> Response:
        versions, path = _find()
        name = next(iter(versions.values())).name

        def work(pause: Pause) -> Response:
            answer = serve(versions, _incoming(path, pause), world=world)
            return reply(answer.status, answer.body)

        return edge.serve(name, work, nino=path.get("nino"))

    for segment in sorted(ROUTES.first_segments):
        app.add_url_rule(f"/{segment}/<path:_>", f"api {segment}", view, methods=METHODS)


def _find() -> tuple[Versions, dict[str, str]]:
    try:
        return ROUTES.find(request.method, request.path)
    except Refusal as refused:
        abort(refused.status)


def _incoming(path: dict[str, str], pause: Pause) -> Incoming:
    return Incoming(
        path=path,
        query=request.args,
        headers={name.lower(): value for name, value in request.headers},
        content_type=request.mimetype,
        body=request.get_data(cache=True),
        pause=pause,
    )


def _route_token(app: Flask, world: World, edge: Edge) -> None:
    server = TokenServer(config=world.config, grants=world.grants, sends=world.sends)

    def token() -> Response:
        return serve_token(server=server, edge=edge, clock=world.clock)

    app.add_url_rule("/oauth/token", TOKEN, token, methods=["POST"], provide_automatic_options=False)


# Guards and errors


def _only_from_here() -> None:
    # The name is checked too: another site's page could point a name of its own at this address.
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback or name not in LOCAL_NAMES:  # noqa: S104 - nowhere
        abort(403)


def _guard_page(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
        )
    return response


def _show_http_error(error: HTTPException) -> Response:
    known = {404: problems.NO_SUCH_PATH, 405: problems.METHOD_NOT_ALLOWED}.get(error.code or 500)
    if known:
        return stamp(refusal(known))
    return stamp(
        reply(error.code or 500, {"code": (error.name or "error").upper().replace(" ", "_"), "message": error.name})
    )


def _show_crash(error: Exception) -> Response:
    log.error("hmrc.crashed", error=type(error).__name__, endpoint=request.endpoint, exc_info=error)
    return stamp(reply(500, SERVER_ERROR) if request.endpoint == TOKEN else refusal(problems.INTERNAL))
