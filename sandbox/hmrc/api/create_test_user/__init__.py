"""Create Test User 1.0: users to sign in with, made up on the spot."""

from typing import Any

from sandbox.hmrc.api.create_test_user.services import list_services
from sandbox.hmrc.api.create_test_user.users import AGENT, INDIVIDUAL, ORGANISATION, Kind
from sandbox.hmrc.api.operation import APPLICATION, Operation, unchecked

BASE = "/create-test-user"


def _creation(name: str, path: str, kind: Kind) -> Operation[Any]:
    return Operation(
        name=name,
        method="POST",
        path=f"{BASE}/{path}",
        version="1.0",
        scope=APPLICATION,
        takes_body=True,
        check=kind.check,
        stateful=kind.create,
    )


OPERATIONS: tuple[Operation[Any], ...] = (
    _creation("create_test_user", "individuals", INDIVIDUAL),
    _creation("create_test_organisation", "organisations", ORGANISATION),
    _creation("create_test_agent", "agents", AGENT),
    Operation(
        name="test_user_services",
        method="GET",
        path=f"{BASE}/services",
        version="1.0",
        scope=APPLICATION,
        check=unchecked,
        stateful=list_services,
    ),
)
