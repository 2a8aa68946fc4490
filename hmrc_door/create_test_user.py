"""HMRC's Create Test User API: people who do not exist, with a sign-in. Sandbox only, by our application's token."""

from hmrc_door.bodies import JSON
from hmrc_door.operation import operation
from hmrc_door.versions import Api

_BASE = "/create-test-user"


@operation(Api.TEST_USERS, "POST", _BASE + "/individuals")
def create_individual(*, body: dict[str, JSON]) -> None:
    """A person with the services in `serviceNames`; HMRC answers 201 with user id, password and identifiers."""


@operation(Api.TEST_USERS, "POST", _BASE + "/organisations")
def create_organisation(*, body: dict[str, JSON]) -> None:
    """An organisation with the services in `serviceNames`; HMRC answers 201."""


@operation(Api.TEST_USERS, "POST", _BASE + "/agents")
def create_agent(*, body: dict[str, JSON]) -> None:
    """An agent with the services in `serviceNames`; HMRC answers 201."""


@operation(Api.TEST_USERS, "GET", _BASE + "/services")
def list_services() -> None:
    """The names that `serviceNames` may hold, and for which kinds of user."""
