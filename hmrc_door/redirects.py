"""
HMRC's redirects, followed as its reference guide asks ("HTTP redirection"), so far as a bearer may go.

Method and body are kept, whether it is 301, 302, 307 or 308. The new address must have scheme, host and port of one of
the environment's own API addresses; whatever leads elsewhere stays Refused (moved). At most two hops, each in a slot of
its own, all within the one request's deadline. The token endpoint's redirects are followed alike: HMRC did nothing at
an address that it sends us away from, so that a single-use token is not spent, and goes to HMRC's own hosts only.

What has moved for good is remembered for a day, for all processes, under HMRC's template, with the NINO and all ids put
back to their names, and nothing else in it that could be one landlord's. A memory is held against the environment's
addresses each time it is used.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urljoin, urlsplit

import structlog
from redis.exceptions import RedisError

from hmrc_door import config
from hmrc_door.addresses import origin, syntax_fault
from hmrc_door.hidden import Hidden
from hmrc_door.operation import names_in
from hmrc_door.outcomes import Outcome, Refused
from hmrc_door.wire import WireRequest

MOST_HOPS = 2
REMEMBERED_S = 24 * 60 * 60
_FOR_GOOD = frozenset({301, 308})
# A name in braces, HMRC's words, a version. Anything else may be an id of one landlord's, and is no other's way.
_FOR_ALL = re.compile(r"\{[a-z_]+\}|[a-z]*(-[a-z]+)*|v?[0-9]{1,2}(\.[0-9]{1,2})?")

log = structlog.get_logger()


@dataclass
class Route:
    """Where one request goes: first to its own address, then wherever HMRC sends it."""

    _to: Hidden | None = None
    _hops: int = 0
    _spent_s: float = 0.0
    _for_good: bool = True

    def onward(self, request: WireRequest) -> WireRequest:
        """`request`, to where HMRC has it now, within what is left of its deadline."""
        left = replace(request.deadlines, total_s=request.deadlines.total_s - self._spent_s)
        return replace(request, url=self._to.reveal() if self._to else request.url, deadlines=left)

    def leads_on(self, sent: WireRequest, outcome: Outcome, *, took_s: float) -> bool:
        """Whether `outcome` sends us on to where we may go; `onward` then goes there."""
        if not isinstance(outcome, Refused) or outcome.location is None:
            return False
        target = _target(sent.url, outcome.location)
        if target is None or self._hops >= MOST_HOPS or took_s >= sent.deadlines.total_s:
            log.warning("hmrc.redirect_not_followed", template=sent.template, status=outcome.status)
            return False
        self._hops += 1
        self._spent_s += took_s
        self._for_good = self._for_good and outcome.status in _FOR_GOOD
        if self._for_good:
            _remember(sent, target)
        self._to = Hidden(target)
        return True


def address(template: str) -> str:
    """Where HMRC serves `template` now: origin and path, with the same names still in braces."""
    with suppress(RedisError, ValueError):
        found = config.redis().get(_key(template))
        moved = found.decode() if isinstance(found, bytes) else ""
        if moved and _is_ours(moved) and _same_names(moved, template):
            return moved
    return config.environment().api_url + template


def _target(url: str, location: Hidden) -> str | None:
    with suppress(ValueError):
        target, _fragment = urldefrag(urljoin(url, location.reveal()))
        if syntax_fault(target) is None and _is_ours(target):
            return target
    return None


def _is_ours(url: str) -> bool:
    return origin(url) in config.environment().api_origins


def _remember(sent: WireRequest, target: str) -> None:
    moved, before = urlsplit(target), urlsplit(sent.url)
    template = _template(moved.path, sent.parts)
    if not sent.template or moved.query != before.query or not _same_names(template, sent.template):
        return
    if not all(map(_FOR_ALL.fullmatch, template.split("/"))):
        return
    with suppress(RedisError):
        config.redis().set(_key(sent.template), f"{moved.scheme}://{moved.netloc}{template}", ex=REMEMBERED_S)
    log.warning("hmrc.moved_for_good", template=sent.template)


def _template(path: str, parts: Mapping[str, str]) -> str:
    names = {part: f"{{{name}}}" for name, part in parts.items()}
    return "/".join(names.get(segment, segment) for segment in path.split("/"))


def _same_names(one: str, other: str) -> bool:
    return sorted(names_in(one)) == sorted(names_in(other))


def _key(template: str) -> str:
    return f"hmrc.moved:{template}"
