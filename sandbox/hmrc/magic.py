"""
The people with a fixed outcome, for those who build on Quarterday: whatever is done with one of these NINOs ends the
same way each time, without a fault that somebody must ask for first.

Their NINOs begin with QQ, which is nobody's: HMRC gives it in documentation only. The stand-in takes these and no
other QQ, and tells them apart from everybody by `GET /control/magic`.
"""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from sandbox.hmrc.businesses import Business
from sandbox.hmrc.faults import Fault
from sandbox.hmrc.kinds import TOKEN
from sandbox.hmrc.people import NINO, AlreadyThere, People, User, new_user

REVOKED_AFTER_S = 60.0
SLOW_BY_S = 8.0


@dataclass(frozen=True)
class Magic:
    outcome: str
    full_name: str
    says: str
    enrolled: bool = True


MAGIC = {
    "QQ000000A": Magic("connects", "Magda Fairweather", "Nothing goes wrong"),
    "QQ000001A": Magic("denies", "Denzil Naysmith", "Says no at HMRC's page, whichever button is pressed"),
    "QQ000002A": Magic(
        "not_enrolled", "Nora Unsworth", "Gives permission, and is not signed up for MTD", enrolled=False
    ),
    "QQ000003A": Magic("revoked_later", "Rex Takeback", "Gives permission, and removes it a minute later"),
    "QQ000004A": Magic("lost", "Lois Wayward", "Every answer to a refresh is lost on its way, its effect is not"),
    "QQ000005A": Magic("slow", "Solomon Tardy", "Every answer of an API comes eight seconds later"),
    "QQ000006A": Magic("throttled", "Theo Rattle", "Every second request to an API is refused as one too many"),
}


def is_nino(text: str) -> bool:
    """Whether the stand-in takes it: by HMRC's own pattern, or as one of these."""
    return NINO.fullmatch(text) is not None or text in MAGIC


def outcome_of(nino: str | None) -> str:
    """The outcome that is fixed for this NINO; empty for everybody else's."""
    return MAGIC[nino].outcome if nino in MAGIC else ""


def grant_lasts(nino: str) -> float | None:
    """After how many seconds this person's permission ends; None where it ends like everybody's."""
    return REVOKED_AFTER_S if outcome_of(nino) == "revoked_later" else None


def sow(people: People) -> None:
    """Put those into the stand-in who are not there yet."""
    for user in _cast():
        try:
            people.add(user, seeded=True)
        except AlreadyThere:
            continue


def restore(people: People) -> None:
    """Bring them back to what they were; their passwords stay."""
    for user in _cast():
        people.restore(user)


def _cast() -> list[User]:
    return [_person(number, nino) for number, nino in enumerate(MAGIC)]


def _person(number: int, nino: str) -> User:
    home = Business(business_id=f"XPIS2000000000{number}", type_of_business="uk-property")
    magic, user_id = MAGIC[nino], f"71000000000{number}"
    return new_user(nino=nino, full_name=magic.full_name, enrolled=magic.enrolled, businesses=(home,), user_id=user_id)


@dataclass
class Outcomes:
    """What the gateway does to their requests. Counts in memory: a restart begins anew."""

    _asked: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def fault(self, *, operation: str, nino: str | None, is_refresh: bool) -> Fault | None:
        """The fault that strikes this request by itself."""
        match outcome_of(nino):
            case "lost" if is_refresh:
                return Fault(kind="answer_lost_after", operation=TOKEN)
            case "slow" if operation != TOKEN:
                return Fault(kind="slow", seconds=SLOW_BY_S)
            case "throttled" if operation != TOKEN and self._is_odd(operation):
                return Fault(kind="rate_limited")
        return None

    def _is_odd(self, operation: str) -> bool:
        with self._lock:
            self._asked[operation] += 1
            return self._asked[operation] % 2 == 1
