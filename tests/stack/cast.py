"""Landlords of the demo agency, and what they and their agency do: begin, come back, complete, file."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.stack.api import Api
from tests.stack.stand_in import Return, User
from tests.stack.world import World, until

RETURN_URL = "http://localhost:5173/back"
FIGURES = {"income": {"periodAmount": "1234.56"}, "expenses": {"premisesRunningCosts": "100.10"}}


@dataclass(frozen=True)
class Landlord:
    """A landlord on the agency's books, and the person at HMRC that they are."""

    id: str
    user: User
    world: World

    # What the API says

    def connection(self, by: Api | None = None) -> Any:
        return (by or self.world.agency).get(f"landlords/{self.id}/connection")

    def until_state(self, state: str, *, within: float = 20.0) -> Any:
        """The connection, once it shows this state."""
        return until(self.connection, lambda seen: seen["state"] == state, within=within)

    def businesses(self) -> Any:
        """HMRC's list, once it has been fetched."""
        path = f"landlords/{self.id}/businesses"
        answer = until(lambda: self.world.agency.call("GET", path), lambda seen: seen.status_code == 200, within=30)
        return answer.json()["results"]

    def obligations(self) -> Any:
        path = f"landlords/{self.id}/obligations"
        answer = until(lambda: self.world.agency.call("GET", path), lambda seen: seen.status_code == 200, within=30)
        return answer.json()["results"]

    # What they do

    def begin(self, by: Api | None = None, **given: str) -> Any:
        """Open a connect session: its id, and where to send the browser."""
        path = f"landlords/{self.id}/connection/authorize"
        return (by or self.world.agency).post(path, {"return_url": RETURN_URL, **given})

    def go(self, begun: Any, *, decision: str = "grant") -> Return:
        """Walk to HMRC and back."""
        return self.world.hmrc.walk(begun["authorization_url"], self.user, decision=decision)

    def complete(self, back: Return, by: Api | None = None, *, expect: int = 202) -> Any:
        """Hand in the completion code that the way back brought."""
        path = f"connect-sessions/{back.said['connect_session']}/complete"
        return (by or self.world.agency).post(path, {"completion_code": back.said["completion_code"]}, expect=expect)

    def connect(self) -> Any:
        """The whole way; the connection when it is active again."""
        before = self.connection()["generation"]
        self.complete(self.go(self.begin()))
        return until(self.connection, lambda seen: seen["state"] == "active" and seen["generation"] > before)

    def session(self, session_id: str) -> Any:
        return self.world.agency.get(f"connect-sessions/{session_id}")

    def until_settled(self, session_id: str) -> Any:
        """The connect session, once it is over."""
        over = {"connected", "denied", "expired", "failed"}
        return until(lambda: self.session(session_id), lambda seen: seen["status"] in over)

    def quarter(self, **changes: object) -> dict[str, object]:
        """A submission for the first quarter of the tax year, of which HMRC says that it is open."""
        due = self.obligations()[0]
        year = int(due["period_start"][:4])
        return {
            "landlord_id": self.id,
            "business_id": due["business_id"],
            "tax_year": f"{year}-{(year + 1) % 100:02}",
            "period_start": due["period_start"],
            "period_end": due["period_end"],
            "figures": FIGURES,
            "declaration": {"accepted": True, "covers_whole_business": True},
            "mandate": {"kind": "standing"},
            **changes,
        }

    def until_submission(self, submission_id: str, status: str, *, within: float = 30.0) -> Any:
        """The submission, once it has this status."""
        path = f"submissions/{submission_id}"
        return until(lambda: self.world.agency.get(path), lambda seen: seen["status"] == status, within=within)


def new_landlord(world: World, *, nino: str | None = None, on_file: bool = True, **person: object) -> Landlord:
    """Somebody new at HMRC and on the agency's books, with their own NINO unless another (or none) is on file."""
    user = world.hmrc.add_user(**person)
    number = {"nino": nino or user.nino} if on_file else {}
    if nino:
        world.seen.add("NINO", nino)
    made = world.agency.post("landlords", {"reference": f"T-{uuid4()}", "full_name": "Winifred Larkspur", **number})
    return Landlord(made["id"], user, world)
