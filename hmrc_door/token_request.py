"""One request to HMRC's token endpoint, made with each of our client secrets until HMRC knows one."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlencode

import structlog

from hmrc_door import config
from hmrc_door.hidden import Hidden, Secret
from hmrc_door.outcomes import NotSent, Outcome, Refused
from hmrc_door.pace import Lane, Slot
from hmrc_door.turn import send_in_turn
from hmrc_door.wire import WireRequest

_UNKNOWN_CLIENT = "invalid_client"

log = structlog.get_logger()


class _Begun:
    """With which of our secrets this process begins: with the one that HMRC knew last, or that it was not asked about
    for want of time. The newest, if that is none of them.
    """

    secret: Hidden | None = None


_begun = _Begun()


@dataclass(frozen=True, kw_only=True)
class TokenRequest:
    """
    What is asked for: plain `fields` of the form, and `sealed` ones that are opened while it is sent.

    `secrets`: those to try, in order; by default all of ours.
    """

    fields: Mapping[str, str]
    sealed: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    lane: Lane
    agency: str
    secrets: tuple[Hidden, ...] | None = None

    def send(self, *, timeout_s: float, slot: Slot | None = None) -> Outcome:
        """
        HMRC's answer. Only `invalid_client`, which spends nothing, leads to the next secret, and only in time: NotSent,
        if time is over before HMRC was asked about all of them.

        Raises only what a Secret raises that will not open.
        """
        until = monotonic() + timeout_s
        outcome: Outcome = NotSent(reason="client_secret_missing")
        for asked, secret in enumerate(self._secrets()):
            _begun.secret = secret
            if asked and monotonic() >= until:
                return NotSent(reason="client_secret_untried")
            outcome = self._once(secret, slot, left_s=max(0.0, until - monotonic()))
            if not (isinstance(outcome, Refused) and outcome.code == _UNKNOWN_CLIENT):
                return outcome
            log.warning("token.client_secret_refused", asked=asked)
            slot = None
        _begun.secret = None
        return outcome

    def _secrets(self) -> tuple[Hidden, ...]:
        if self.secrets is not None:
            return self.secrets
        ours = config.environment().client_secrets
        first = ours.index(_begun.secret) if _begun.secret in ours else 0
        return ours[first:] + ours[:first]

    def _once(self, secret: Hidden, slot: Slot | None, *, left_s: float) -> Outcome:
        @contextmanager
        def opened() -> Iterator[WireRequest]:
            with self._form(secret) as form:
                yield _wire_request(form)

        return send_in_turn(
            opened,
            operation=f"token.{self.fields['grant_type']}",
            lane=self.lane,
            agency=self.agency,
            timeout_s=left_s,
            connects=True,
            slot=slot,
        )

    @contextmanager
    def _form(self, secret: Hidden) -> Iterator[bytes]:
        """The form-encoded body, for as long as it takes to send it."""
        ours = {"client_id": config.environment().client_id, "client_secret": secret.reveal()}
        with _all_open(self.sealed) as opened:
            yield urlencode({**self.fields, **ours, **opened}).encode()


@contextmanager
def _all_open(sealed: Mapping[str, Secret]) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(secret.open(reason="hmrc.token")) for name, secret in sealed.items()}


def _wire_request(form: bytes) -> WireRequest:
    chosen = config.environment()
    return WireRequest(
        method="POST",
        url=chosen.token_url,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=form,
        fresh=True,
        deadlines=chosen.deadlines,
    )
