"""A tiny HMRC of one grant: which token is live, what is still on its way to it, and who ended it."""

from dataclasses import dataclass, field

from hmrc_door.token_endpoint import TokenAnswer
from tests.hmrc_oauth.fake_door import INVALID_GRANT, granted


@dataclass
class ReferenceHmrc:
    live: str
    ended: bool = False
    rotations: int = 0
    stragglers: list[str] = field(default_factory=list)  # requests whose senders are gone

    def spend(self, token: str) -> TokenAnswer:
        """A refresh token works once."""
        if not self.works(token):
            return INVALID_GRANT
        self.rotations += 1
        name = f"{self.live.removeprefix('refresh-')}+"
        self.live = f"refresh-{name}"
        return granted(name)

    def works(self, token: str) -> bool:
        return token == self.live and not self.ended
