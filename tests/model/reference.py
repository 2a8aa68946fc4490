"""A tiny HMRC of one grant: which token is live, what is still on its way to it, and who ended it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hmrc_door.token_endpoint import TokenAnswer
from tests.hmrc_oauth.fake_door import INVALID_GRANT, granted


@dataclass
class ReferenceHmrc:
    live: str
    live_since: datetime
    ended: bool = False
    stragglers: list[str] = field(default_factory=list)  # requests whose senders are gone

    def spend(self, token: str, now: datetime) -> TokenAnswer:
        """A refresh token works once, and the access token that came with it ends with it."""
        if not self.works(token):
            return INVALID_GRANT
        name = f"{self.live.removeprefix('refresh-')}+"
        self.live, self.live_since = f"refresh-{name}", now
        return granted(name)

    def works(self, token: str) -> bool:
        return token == self.live and not self.ended

    def lets_in(self, access_token: str, now: datetime) -> bool:
        """Four hours long, if no refresh comes between."""
        lives = now < self.live_since + timedelta(hours=4)
        return lives and self.works(access_token.replace("access-", "refresh-"))
