"""Manage authority: where a user sees what was given to which software, and takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from sandbox.hmrc.clock import to_london_date
from sandbox.hmrc.oauth.authorize import SCOPES
from sandbox.hmrc.oauth.walk import MANAGE, Walk, go_on, page
from sandbox.hmrc.people import User


@dataclass(frozen=True)
class Authority:
    """One page behind the same sign-in as the consent. The one application has all of a user's grants."""

    walk: Walk

    def show(self) -> Response:
        if "journey" not in request.args:
            return self.walk.begin(None)
        return self._page(request.args, self.walk.manager(request.args))

    def take(self) -> Response:
        """Remove the software's authority, which ends every grant of the user."""
        user = self.walk.manager(request.form)
        world = self.walk.world
        if request.form.get("decision") != "remove":
            return self._page(request.form, user, status=400, fault="Press the button of the software to remove.")
        world.grants.revoke(user_id=user.user_id, now=world.clock.now())
        return go_on(MANAGE, request.form["journey"])

    def _page(self, form: Mapping[str, str], user: User, *, status: int = 200, fault: str = "") -> Response:
        application, grants = self.walk.world.config.application_name, self._grants(user)
        return page(
            "authority.html", form, status=status, fault=fault, application=application, grants=grants, user=user
        )

    def _grants(self, user: User) -> list[dict[str, Any]]:
        now = self.walk.world.clock.now()
        return [
            {
                "scopes": [SCOPES[scope] for scope in row["scope"].split()],
                "given_on": to_london_date(row["granted_at"]),
                "ends_on": to_london_date(row["ends_at"]),
            }
            for row in self.walk.world.grants.living(user_id=user.user_id, now=now)
        ]
