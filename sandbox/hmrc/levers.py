"""
The levers of the stand-in, by name. The control API pulls them with JSON, the page for people with forms.

    clock           {advance_seconds} or {offset_seconds} → {now, today, offset_seconds}
    rate            {per_second?, model?, broken_body?, delay_s?} → these, and {accepted, refused, worst_second}
    faults          {kind, operation?, times?, lasts?, nino?, when?, …} → {faults}, see `faults.Fault`
    faults/lift     {kind?} → {faults}: those of one kind, or all
    mode            {mode} → {mode}: production_like or hmrc_sandbox
    lag             {seconds} → {seconds}: how much later an update fulfils its obligation
    grants/revoke   {nino} → {revoked}: as the user can at HMRC
    grants/end      {nino} → {ended}: their time has run out
    grants/length   {days} → {days}: of the grants given from now on
    reset           {}: grants, codes, submissions, added users, faults, rate, settings and the clock; passwords stay
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.hmrc import seeds
from sandbox.hmrc.api.operation import World
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.edge import Edge
from sandbox.hmrc.faults import BadFault, Fault
from sandbox.hmrc.kinds import KINDS
from sandbox.hmrc.oauth.journeys import Journeys
from sandbox.hmrc.people import User
from sandbox.hmrc.settings import Setting
from sandbox.hmrc.throttle import BadRate

Wanted = Mapping[str, Any]
Told = dict[str, Any]


class BadControl(Exception):  # noqa: N818 - the word of the house
    """What was asked of the stand-in makes no sense; the status says how."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Levers:
    """All that tests and people can do to one world. Every lever raises BadControl."""

    world: World
    edge: Edge
    journeys: Journeys

    # Clock

    def tell_clock(self) -> Told:
        clock = self.world.clock
        return {"now": to_iso(clock.now()), "today": clock.today().isoformat(), "offset_seconds": clock.offset()}

    def move_clock(self, wanted: Wanted) -> Told:
        try:
            if "advance_seconds" in wanted:
                self.world.clock.advance(seconds=_number(wanted, "advance_seconds"))
            else:
                self.world.clock.set(offset=_number(wanted, "offset_seconds"))
        except ValueError as error:
            raise BadControl(str(error)) from error
        return self.tell_clock()

    # Rate and faults

    def set_rate(self, wanted: Wanted) -> Told:
        throttle = self.edge.throttle
        try:
            throttle.set(replace(throttle.rate, **wanted))
        except (BadRate, TypeError) as error:
            raise BadControl(str(error)) from error
        return throttle.figures()

    def tell_faults(self) -> Told:
        return {"faults": self.edge.faults.listed(now=self.world.clock.now())}

    def add_fault(self, wanted: Wanted) -> Told:
        try:
            self.edge.faults.add(Fault(**wanted), now=self.world.clock.now())
        except (BadFault, TypeError) as error:
            raise BadControl(str(error)) from error
        return self.tell_faults()

    def lift_faults(self, wanted: Wanted) -> Told:
        kind = wanted.get("kind")
        if kind not in (None, *KINDS):
            raise BadControl(f"kind is one of {', '.join(KINDS)}")
        self.edge.faults.clear(kind=kind)
        return self.tell_faults()

    # How the world answers

    def tell_settings(self) -> Told:
        world = self.world
        return {
            "mode": world.mode.get(),
            "lag_seconds": world.lag_seconds.get(),
            "grant_days": world.grants.days.get(),
        }

    def set_mode(self, wanted: Wanted) -> Told:
        return {"mode": _set(self.world.mode, wanted.get("mode"))}

    def set_lag(self, wanted: Wanted) -> Told:
        return {"seconds": _set(self.world.lag_seconds, _number(wanted, "seconds"))}

    # Grants

    def revoke(self, wanted: Wanted) -> Told:
        user = self._user(wanted)
        return {"revoked": self.world.grants.revoke(user_id=user.user_id, now=self.world.clock.now())}

    def end_grants(self, wanted: Wanted) -> Told:
        user = self._user(wanted)
        return {"ended": self.world.grants.end(user_id=user.user_id, now=self.world.clock.now())}

    def set_grant_length(self, wanted: Wanted) -> Told:
        days = wanted.get("days")
        if type(days) is not int:
            raise BadControl("days is a whole number")
        return {"days": _set(self.world.grants.days, days)}

    def _user(self, wanted: Wanted) -> User:
        user = self.world.people.by_nino(str(wanted.get("nino", "")))
        if user is None:
            raise BadControl("there is no user with this NINO", 404)
        return user

    # All of it

    def reset(self, _: Wanted) -> Told:
        """Back to the first start."""
        for kept in (self.world.grants, self.world.sends, self.world.vendor_state, self.journeys):
            kept.drop_all()
        for setting in (self.world.mode, self.world.lag_seconds, self.world.grants.days):
            setting.reset()
        seeds.reset(self.world.people)
        self.edge.faults.clear()
        self.edge.record.clear()
        self.edge.throttle.reset()
        self.world.clock.set(offset=0)
        return {}


LEVERS: dict[str, Callable[[Levers, Wanted], Told]] = {
    "clock": Levers.move_clock,
    "rate": Levers.set_rate,
    "faults": Levers.add_fault,
    "faults/lift": Levers.lift_faults,
    "mode": Levers.set_mode,
    "lag": Levers.set_lag,
    "grants/revoke": Levers.revoke,
    "grants/end": Levers.end_grants,
    "grants/length": Levers.set_grant_length,
    "reset": Levers.reset,
}


def _number(wanted: Wanted, name: str) -> float:
    value = wanted.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadControl(f"{name} is a number")
    try:
        return float(value)
    except OverflowError:
        raise BadControl(f"{name} is too far from nought") from None


def _set(setting: Setting[Any], value: object) -> Any:
    try:
        setting.set(value)
    except ValueError as error:
        raise BadControl(str(error)) from error
    return setting.get()
