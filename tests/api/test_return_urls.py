"""POST …/connection/authorize: a browser is sent back to where the agency allows, and nowhere else."""

import pytest

from tests.api.callers import Caller, problem
from tests.api.world import World
from tests.cast import ALPHA, BETA


@pytest.mark.parametrize(
    "url",
    [
        BETA.front_end,
        "https://evil.example/",
        "http://[",
        "http://[::1",
        "https://alpha.example\\@evil.example/",
        "https://alpha.example@evil.example/",
        "https://alpha.example:99999/",
        "https://alpha.example:x/",
        "http://\u2100.example/",
        "//alpha.example",
        "javascript:alert(1)",
        "https://alpha.example/../x",
    ],
)
def test_an_address_that_is_not_listed_begins_nothing(url: str, machine: Caller, alphas: World) -> None:
    answer = machine.post(f"landlords/{alphas.landlord_id}/connection/authorize", {"return_url": url})

    assert problem(answer) == (422, "connect.return_url_not_listed")


@pytest.mark.parametrize("given", [{}, {"return_url": ALPHA.front_end}, {"return_url": f"{ALPHA.front_end}/on?lena=1"}])
def test_a_listed_address_or_none_begins(given: dict[str, str], machine: Caller, alphas: World) -> None:
    answer = machine.post(f"landlords/{alphas.landlord_id}/connection/authorize", given)

    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(answer.json()["connect_session"])
