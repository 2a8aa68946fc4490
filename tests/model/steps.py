"""The steps of `hmrc_oauth.refresh`, by their names there, and everything that can happen around them."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from tests.model.world import IDLE, At, Grant, Standing, Status, Step, Worker, delay, fence, outdate

PROBES = 3
Rule: TypeAlias = Callable[[Grant, Worker], Iterator[Step]]
Event: TypeAlias = Callable[[Grant], Iterator[Step]]

# Claim, send


def claim(grant: Grant, me: Worker) -> Iterator[Step]:
    """Committed before the network is touched: fence + 1, lease."""
    if me.at is At.IDLE and not grant.leased:
        if grant.status is Status.ACTIVE:
            claimed = grant._replace(status=Status.REFRESHING, leased=True)
            yield Step("claim", claimed, Worker(At.CLAIMED), fence)
        elif grant.status is Status.UNCERTAIN:
            yield Step("probe: claim", grant._replace(leased=True), Worker(At.CLAIMED, doubtful=True), fence)


def send(grant: Grant, me: Worker) -> Iterator[Step]:
    """Only in the first seconds of the lease."""
    if me.at is At.CLAIMED and not me.late:
        yield Step("send", grant, me._replace(at=At.SENT), sends=True)


def give_up(grant: Grant, me: Worker) -> Iterator[Step]:
    """Nothing leaves us: no connection, no slot in time, or past the send window."""
    if me.at is At.CLAIMED:
        yield Step("not sent", grant, me._replace(at=At.UNSENT), fault=not me.late)


def witness(grant: Grant, me: Worker) -> Iterator[Step]:
    """In doubt, and before anything is claimed: one read with the old access token, while that has life left."""
    is_free = grant.status is Status.UNCERTAIN and not grant.leased
    if me.at is At.IDLE and is_free and not grant.lapsed:
        works = grant.standing is Standing.LIVE
        heard = Worker(At.VOUCHED if works else At.DISOWNED, doubtful=True)
        yield Step("witness: 200" if works else "witness: 401", grant, heard)


# Take what came back


def commit(grant: Grant, me: Worker) -> Iterator[Step]:
    """Compare-and-set on the version that was spent, however late; never into a wiped row."""
    if me.age or grant.status is Status.WIPED:
        yield Step("answer not stored", grant, IDLE)
    else:
        yield from store(grant, me)


def store(grant: Grant, me: Worker) -> Iterator[Step]:
    """The new pair is in the row. PostgreSQL may go away before it says so; then the worker tries again."""
    newer = renewed(grant)
    again = me._replace(age=1, fenced=True)
    yield Step("commit", newer, IDLE, outdate, stores=True)
    yield Step("commit, and PostgreSQL away before it says so", newer, again, outdate, stores=True, fault=True)


def renewed(grant: Grant) -> Grant:
    """A new pair, unless the landlord has ended it all at HMRC."""
    return Grant(standing=Standing.ENDED if grant.standing is Standing.ENDED else Standing.LIVE)


def release(to: Status) -> Rule:
    """End a claim without new tokens, guarded by the fence."""

    def step(grant: Grant, me: Worker) -> Iterator[Step]:
        yield from settle(me, "release", grant, grant._replace(status=to, leased=False))

    return step


def wait_out(grant: Grant, me: Worker) -> Iterator[Step]:
    """Something left us, and nobody knows what becomes of it: the lease stands until HMRC must be done with it."""
    yield from settle(me, "doubt", grant, grant._replace(status=Status.UNCERTAIN))


def doubt(grant: Grant, me: Worker) -> Iterator[Step]:
    """The first send's answer is lost; or a probe's, which counts: after the third the grant is dead."""
    if not me.doubtful:
        yield from wait_out(grant, me)
    else:
        yield from count(grant, me, unheard=1)


def count(grant: Grant, me: Worker, *, unheard: int) -> Iterator[Step]:
    probes, heard_nothing = min(grant.probes + 1, PROBES), min(grant.unheard + unheard, PROBES)
    counted = grant._replace(probes=probes, unheard=heard_nothing)
    if counted.probes < PROBES:
        yield from settle(me, "doubt: the probe counts", grant, counted)
    else:
        yield from settle(me, "bury", grant, counted._replace(status=Status.DEAD, leased=False), reason="lost")


def bury(reason: str) -> Rule:
    def step(grant: Grant, me: Worker) -> Iterator[Step]:
        yield from settle(me, "bury", grant, grant._replace(status=Status.DEAD, leased=False), reason=reason)

    return step


def vouch(grant: Grant, me: Worker) -> Iterator[Step]:
    """HMRC never rotated: as if nothing had been sent, and nothing counted."""
    clean = grant._replace(status=Status.ACTIVE, leased=False, probes=0, unheard=0)
    yield from settle(me, "release: the witness vouches", grant, clean)


def settle(me: Worker, name: str, before: Grant, after: Grant, *, reason: str = "") -> Iterator[Step]:
    """A guarded UPDATE: if the fence has moved, someone else has the last word."""
    if me.fenced or before.status not in {Status.REFRESHING, Status.UNCERTAIN}:
        yield Step("taken over: says nothing", before, IDLE)
    else:
        yield Step(name, after, IDLE, fence, reason=reason)


# What came back, to a first send and to a probe: the table of outcomes in docs/refresh.md
Takes: TypeAlias = Mapping[tuple[At, bool], Rule]
TAKES: Takes = {
    (At.GRANTED, False): commit,
    (At.GRANTED, True): commit,
    (At.UNSENT, False): release(Status.ACTIVE),
    (At.UNSENT, True): release(Status.UNCERTAIN),
    (At.DENIED, False): bury("refused"),
    (At.DENIED, True): bury("lost"),
    (At.LOST, False): doubt,
    (At.LOST, True): doubt,
    (At.NO_VERDICT, False): wait_out,
    (At.NO_VERDICT, True): wait_out,
    (At.VOUCHED, True): vouch,
    (At.DISOWNED, True): bury("lost"),
}

# HMRC, and the network on the way there and back


def hmrc(grant: Grant, me: Worker) -> Iterator[Step]:
    """One request arrives, or does not, and its answer comes back, or does not."""
    if me.at is not At.SENT:
        return
    if me.late:  # what HMRC has not carried out within the lease, it does no more
        yield Step("there is no answer", grant, me._replace(at=At.LOST), fault=True)
        return
    if not me.age and grant.standing is Standing.LIVE:
        spent = grant._replace(standing=Standing.SPENT)
        yield Step("HMRC rotates", spent, me._replace(at=At.GRANTED))
        yield Step("HMRC rotates, the answer is lost", spent, me._replace(at=At.LOST), fault=True)
        yield Step("HMRC rotates and says 5xx", spent, me._replace(at=At.NO_VERDICT), fault=True)
    else:
        yield Step("HMRC: invalid_grant", grant, me._replace(at=At.DENIED))
    yield Step("HMRC: 429 or invalid_client", grant, me._replace(at=At.UNSENT), fault=True)
    yield Step("HMRC: 5xx, or already in progress", grant, me._replace(at=At.NO_VERDICT), fault=True)
    yield Step("the request or its answer is lost", grant, me._replace(at=At.LOST), fault=True)
    yield Step("no answer, the request is still under way", _stray(grant, me), me._replace(at=At.LOST), fault=True)
    yield Step("a gateway says 5xx, the request goes on", _stray(grant, me), me._replace(at=At.NO_VERDICT), fault=True)


def die(grant: Grant, me: Worker) -> Iterator[Step]:
    """Killed anywhere. Also what PostgreSQL's absence does to every outcome but new tokens."""
    if me.at is not At.IDLE:
        left = _stray(grant, me) if me.at is At.SENT else grant
        yield Step(f"dies when {me.at.name.lower()}", left, IDLE, fault=True, kills=True)


def _stray(grant: Grant, me: Worker) -> Grant:
    """The sender is gone, the request is not. One of an older token does nothing."""
    return grant if me.age or me.late or grant.status is Status.WIPED else grant._replace(straggler=True)


def straggle(grant: Grant) -> Iterator[Step]:
    if grant.straggler:
        gone = grant._replace(straggler=False)
        yield Step("the straggler is gone", gone)
        if grant.standing is Standing.LIVE:
            yield Step("the straggler arrives: HMRC rotates", gone._replace(standing=Standing.SPENT), fault=True)


# Time, the sweeper, people


def lease_passes(grant: Grant) -> Iterator[Step]:
    """At any moment: whoever holds it may be paused, or gone. HMRC is done by then with whatever it was sent."""
    if grant.leased:
        yield Step("the lease passes", grant._replace(leased=False, straggler=False), others=delay)


def sweep(grant: Grant) -> Iterator[Step]:
    if grant.status is Status.REFRESHING and not grant.leased:
        yield Step("sweep: doubt", grant._replace(status=Status.UNCERTAIN), others=fence)


def lapse(grant: Grant) -> Iterator[Step]:
    if not grant.lapsed and grant.status is not Status.WIPED:
        yield Step("the access token lapses", grant._replace(lapsed=True))


def take_back(grant: Grant) -> Iterator[Step]:
    if grant.standing is not Standing.ENDED:
        yield Step("the landlord ends it at HMRC", grant._replace(standing=Standing.ENDED), fault=True)


def disconnect(grant: Grant) -> Iterator[Step]:
    if grant.status is not Status.WIPED:
        yield Step("disconnect", Grant(Status.WIPED, standing=grant.standing), others=fence, fault=True)
