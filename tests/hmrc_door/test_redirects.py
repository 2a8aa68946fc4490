"""HMRC's redirects: followed with everything that was sent, to HMRC's own addresses and nowhere else."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest
import responses
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door import config, wire
from hmrc_door.business_details import list_businesses
from hmrc_door.call import Call, call
from hmrc_door.environment import Deadlines, Environment
from hmrc_door.hidden import Hidden, Secret
from hmrc_door.obligations import list_obligations
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown, classify
from hmrc_door.pace import Lane, NoSlot
from hmrc_door.property_business import put_uk_cumulative
from hmrc_door.redirects import MOST_HOPS, REMEMBERED_S, Route, address
from hmrc_door.token_endpoint import Granted, TokenFault, TokenRefused, refresh
from hmrc_door.wire import WireRequest
from tests.hmrc_door import rogue as acts
from tests.hmrc_door.conftest import BEARER, NINO, OpenPace, an_environment
from tests.hmrc_door.redis_server import free_port
from tests.hmrc_door.rogue import Rogue

OLD = f"/individuals/business/details/{NINO}/list"
NEW = f"/individuals/moved/{NINO}/everything"
TEMPLATE = "/individuals/business/details/{nino}/list"
PERMANENT, TEMPORARY = (301, 308), (302, 307)
PAIR = b'{"access_token":"a","refresh_token":"b","expires_in":14400}'


@pytest.fixture(autouse=True)
def hmrc(rogue: Rogue, pace: OpenPace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rogue]:
    unhurried = replace(an_environment(rogue.url), deadlines=Deadlines())
    monkeypatch.setattr(config, "environment", lambda: unhurried)
    yield rogue
    wire._pooled().close()
    wire._pooled.cache_clear()


def serve(rogue: Rogue, moves: Mapping[str, tuple[int, str]], *, at_last: bytes = b"{}") -> None:
    """Redirect from these paths; answer everything else."""

    def behave(held: object, over: object) -> None:
        path = rogue.requests[-1].split(b" ")[1].decode()
        if path in moves:
            status, location = moves[path]
            behaviour = acts.answer(b"", f"{status} Moved", f"Location: {location}")
        else:
            behaviour = acts.answer(at_last)
        behaviour(held, over)  # type: ignore[arg-type]

    rogue.behaviour = behave


def ask(operation: Call | None = None, *, bearer: Secret | None = None, timeout_s: float = 60) -> Outcome:
    return call(
        operation or list_businesses(Hidden(NINO)),
        bearer=bearer or Hidden(BEARER),
        lane=Lane.BULK,
        agency="agency-1",
        headers={"Gov-Client-Timezone": "UTC+00:00"},
        timeout_s=timeout_s,
    )


def paths(rogue: Rogue) -> list[str]:
    return [request.split(b" ")[1].decode() for request in rogue.requests]


class TestFollowing:
    @pytest.mark.parametrize("status", PERMANENT + TEMPORARY)
    def test_keeps_method_body_and_headers(self, rogue: Rogue, pace: OpenPace, status: int) -> None:
        filing = put_uk_cumulative(nino=Hidden(NINO), business_id="X", tax_year="2026-27", body={"a": 1})
        serve(rogue, {filing.path(): (status, f"{rogue.url}{NEW}")})

        outcome = ask(filing)

        first, second = (request.partition(b"\r\n") for request in rogue.requests)
        assert isinstance(outcome, Answered)
        assert second[0] == f"PUT {NEW} HTTP/1.1".encode()
        assert first[2] == second[2]
        assert f"Authorization: Bearer {BEARER}".encode() in second[2]
        assert b"Gov-Client-Timezone: UTC+00:00" in second[2]
        assert second[2].endswith(b'{"a":1}')

    def test_takes_a_slot_for_each_hop_and_opens_the_bearer_anew(self, rogue: Rogue, pace: OpenPace) -> None:
        serve(rogue, {OLD: (307, NEW), NEW: (307, "/third")})
        bearer = Counted()

        outcome = ask(bearer=bearer)

        assert isinstance(outcome, Answered)
        assert paths(rogue) == [OLD, NEW, "/third"]
        assert len(pace.asked) == 3
        assert (bearer.opened, bearer.is_open) == (3, False)

    def test_ends_after_two_hops(self, rogue: Rogue) -> None:
        serve(rogue, {OLD: (307, OLD)})

        outcome = ask()

        assert isinstance(outcome, Refused)
        assert (outcome.status, len(rogue.requests)) == (307, MOST_HOPS + 1)

    @pytest.mark.parametrize("status", [300, 303, 304, 305, 306])
    def test_is_for_moves_only(self, rogue: Rogue, status: int) -> None:
        serve(rogue, {OLD: (status, NEW)})

        outcome = ask()

        assert isinstance(outcome, Unknown)
        assert paths(rogue) == [OLD]

    def test_gives_up_without_a_slot_and_hmrc_has_done_nothing(self, rogue: Rogue, pace: OpenPace) -> None:
        def behave(held: object, over: object) -> None:
            pace.refuses_with = NoSlot()
            acts.answer(b"", "307 Moved", f"Location: {NEW}")(held, over)  # type: ignore[arg-type]

        rogue.behaviour = behave

        assert ask() == NotSent(reason="no_slot")
        assert paths(rogue) == [OLD]

    def test_leaves_the_fragment_behind(self, rogue: Rogue) -> None:
        serve(rogue, {OLD: (302, f"{NEW}#part")})

        ask()

        assert paths(rogue) == [OLD, NEW]


class TestElsewhere:
    @pytest.mark.parametrize("status", PERMANENT + TEMPORARY)
    def test_nothing_is_sent(self, rogue: Rogue, redis: Redis, status: int) -> None:
        with Rogue() as elsewhere:
            serve(rogue, {OLD: (status, f"{elsewhere.url}{NEW}")})

            outcome = ask()

            assert isinstance(outcome, Refused)
            assert outcome.status == status
            assert (elsewhere.connections, elsewhere.requests) == (0, [])
            assert redis.keys("hmrc.moved*") == []

    @pytest.mark.parametrize(
        "location",
        [
            "",
            "//elsewhere.example/x",
            "http://[",
            "http://127.0.0.1:1/x",
            "https://127.0.0.1/x",
            "ftp://127.0.0.1/x",
            "javascript:alert(1)",
            "/x y",
            "/x\\y",
            "/%zz",
            "/\xe9",
        ],
    )
    def test_is_everything_that_is_not_the_environments_own(self, location: str) -> None:
        assert _leads_on("http://127.0.0.1:8001/a", location, base="http://127.0.0.1:8001") is (location == "")

    @pytest.mark.parametrize(
        ("location", "ours"),
        [
            ("/x", True),
            ("https://test-api.service.hmrc.gov.uk/x", True),
            ("https://TEST-API.service.hmrc.gov.uk:443/x", True),
            ("http://test-api.service.hmrc.gov.uk/x", False),
            ("https://test-api.service.hmrc.gov.uk:8443/x", False),
            ("https://test-api.service.hmrc.gov.uk.evil.example/x", False),
            ("https://test-api.service.hmrc.gov.uk@evil.example/x", False),
            ("https://user@test-api.service.hmrc.gov.uk/x", False),
            ("https://api.service.hmrc.gov.uk/x", False),
            ("https://test-www.tax.service.gov.uk/x", False),
        ],
    )
    def test_is_another_host_or_the_same_without_tls(self, location: str, ours: bool) -> None:
        base = "https://test-api.service.hmrc.gov.uk"

        assert _leads_on(f"{base}/a", location, base=base) is ours

    def test_a_redirect_without_an_address_stays_refused(self, rogue: Rogue) -> None:
        rogue.behaviour = acts.answer(b"", "307 Moved")

        assert isinstance(ask(), Refused)
        assert paths(rogue) == [OLD]


class TestTheDeadline:
    def test_is_one_for_all_hops(self) -> None:
        route, request = Route(), WireRequest(method="GET", url=f"{config.environment().api_url}/a")
        total_s = request.deadlines.total_s

        assert route.leads_on(request, _moved("/b"), took_s=5)
        assert route.onward(request).deadlines == replace(request.deadlines, total_s=total_s - 5)
        assert route.leads_on(route.onward(request), _moved("/c"), took_s=6)
        assert route.onward(request).deadlines.total_s == total_s - 11

    def test_that_is_over_ends_the_journey(self) -> None:
        quick = WireRequest(method="GET", url=f"{config.environment().api_url}/a", deadlines=Deadlines(total_s=2))

        assert not Route().leads_on(quick, _moved("/b"), took_s=2)


class TestWhatMovedForGood:
    @pytest.mark.parametrize("status", PERMANENT)
    def test_is_asked_there_at_once_for_every_landlord(self, rogue: Rogue, redis: Redis, status: int) -> None:
        serve(rogue, {OLD: (status, NEW)})
        ask()
        rogue.requests.clear()

        ask(list_businesses(Hidden("BB000002B")))

        assert paths(rogue) == ["/individuals/moved/BB000002B/everything"]
        assert 0 < redis.ttl(f"hmrc.moved:{TEMPLATE}") <= REMEMBERED_S

    def test_is_remembered_without_the_nino(self, rogue: Rogue, redis: Redis) -> None:
        serve(rogue, {OLD: (308, NEW)})

        ask()

        kept = {key.decode(): redis.get(key).decode() for key in redis.keys("hmrc.moved*")}  # type: ignore[union-attr]
        assert kept == {f"hmrc.moved:{TEMPLATE}": f"{rogue.url}/individuals/moved/{{nino}}/everything"}

    def test_is_remembered_up_to_where_it_is_for_good(self, rogue: Rogue) -> None:
        serve(rogue, {OLD: (301, NEW), NEW: (302, "/third")})

        ask()

        assert address(TEMPLATE) == f"{rogue.url}/individuals/moved/{{nino}}/everything"

    @pytest.mark.parametrize(
        ("moves"),
        [
            {OLD: (302, NEW)},
            {OLD: (307, "/third"), "/third": (308, NEW)},
            {OLD: (308, "/landlord")},
            {OLD: (308, f"{NEW}?x=1")},
            {OLD: (308, f"/{NINO}/{NINO}")},
            {OLD: (308, f"/{NINO}/also-{NINO.lower()}")},
            {OLD: (308, f"/{NINO}/%41{NINO[1:]}")},
            {OLD: (308, f"/{NINO}/%2541{NINO[1:]}")},
            {OLD: (308, f"/{NINO}/XAIT00000000001")},
            {OLD: (308, f"/{NINO}/717f3a7a-db8e-11e9-8a34-2a2ae2dbcce4")},
        ],
        ids=[
            *("temporary", "at last only", "no name", "other query", "twice", "hidden", "encoded", "encoded twice"),
            *("another id of the landlord's", "a calculation's"),
        ],
    )
    def test_is_not_remembered_where_it_is_not_for_good_or_not_for_all(
        self, rogue: Rogue, redis: Redis, moves: dict[str, tuple[int, str]]
    ) -> None:
        serve(rogue, moves)

        assert isinstance(ask(), Answered)
        assert redis.keys("hmrc.moved*") == []

    def test_keeps_the_query_of_each_call(self, rogue: Rogue) -> None:
        operation = list_obligations(nino=Hidden(NINO), status="open")
        serve(rogue, {operation.path(): (308, f"/due/{NINO}?status=open")})
        ask(operation)
        rogue.requests.clear()

        ask(list_obligations(nino=Hidden(NINO), status="fulfilled"))

        assert paths(rogue) == [f"/due/{NINO}?status=fulfilled"]

    @pytest.mark.parametrize(
        "poisoned",
        ["https://evil.example/{nino}", "{base}/nobody", "{base}/{{nino}}/{{other}}", "{base}.evil/{{nino}}"],
    )
    def test_is_held_against_the_environment_before_it_is_used(self, rogue: Rogue, redis: Redis, poisoned: str) -> None:
        redis.set(f"hmrc.moved:{TEMPLATE}", poisoned.replace("{base}", rogue.url).encode("latin-1"))

        ask()

        assert paths(rogue) == [OLD]

    def test_is_forgotten_with_redis_and_nothing_fails(self, rogue: Rogue, monkeypatch: pytest.MonkeyPatch) -> None:
        nowhere = Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
        monkeypatch.setattr(config, "redis", lambda: nowhere)
        serve(rogue, {OLD: (308, NEW)})

        assert isinstance(ask(), Answered)
        assert paths(rogue) == [OLD, NEW]


class TestTheTokenEndpoint:
    def test_is_followed_with_the_same_form_and_not_remembered(
        self, rogue: Rogue, pace: OpenPace, redis: Redis
    ) -> None:
        serve(rogue, {"/oauth/token": (308, "/oauth/v2/token")}, at_last=PAIR)

        answer = refresh(refresh_token=Hidden("canary-refresh"), lane=Lane.TOKEN, agency="agency-1")

        first, second = (request.partition(b"\r\n") for request in rogue.requests)
        assert isinstance(answer, Granted)
        assert second[0] == b"POST /oauth/v2/token HTTP/1.1"
        assert first[2] == second[2]
        assert b"refresh_token=canary-refresh" in second[2]
        assert (len(pace.asked), redis.keys("hmrc.moved*")) == (2, [])

    def test_is_not_left_for_another_host(self, rogue: Rogue) -> None:
        with Rogue() as elsewhere:
            serve(rogue, {"/oauth/token": (307, f"{elsewhere.url}/oauth/token")})

            answer = refresh(refresh_token=Hidden("canary-refresh"), lane=Lane.TOKEN, agency="agency-1")

            assert isinstance(answer, TokenRefused)
            assert (answer.fault, elsewhere.connections) == (TokenFault.OTHER, 0)


class TestNothingIsGivenAway:
    @pytest.mark.parametrize("location", [NEW, f"http://127.0.0.1:1{NEW}", f"{NEW} x"])
    def test_by_a_log_line_or_an_outcome(
        self,
        rogue: Rogue,
        location: str,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        serve(rogue, {OLD: (308, location)})

        outcome = ask()

        everything = repr(outcome) + caplog.text + "".join(capsys.readouterr())
        assert "hmrc." in everything
        assert NINO not in everything
        assert BEARER not in everything

    def test_by_the_hidden_location_of_an_outcome(self) -> None:
        outcome = _moved(NEW)

        assert outcome.location is not None
        assert NINO not in f"{outcome!r} {outcome.location!r} {outcome.headers}"
        assert outcome == replace(outcome, location=None)


class TestUnderMocks:
    @responses.activate
    def test_the_hosts_of_the_sandbox_are_kept_to(
        self, environment: Environment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        base = "https://test-api.service.hmrc.gov.uk"
        monkeypatch.setattr(config, "environment", lambda: replace(environment, name="sandbox", api_url=base))
        responses.get(f"{base}{OLD}", status=302, headers={"Location": f"https://api.service.hmrc.gov.uk{NEW}"})

        assert isinstance(ask(), Refused)
        assert len(responses.calls) == 1


class Counted:
    """A bearer that knows how often it was opened, and whether it is."""

    def __init__(self) -> None:
        self.opened = 0
        self.is_open = False

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        self.opened, self.is_open = self.opened + 1, True
        yield BEARER
        self.is_open = False


def _moved(location: str, status: int = 307) -> Refused:
    outcome = classify(status=status, headers={"Location": location}, body=b"")
    assert isinstance(outcome, Refused)
    return outcome


def _leads_on(url: str, location: str, *, base: str) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "environment", lambda: an_environment(base))
        return Route().leads_on(WireRequest(method="GET", url=url), _moved(location), took_s=0.1)
