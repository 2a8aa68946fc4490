"""Bodies that once were too much: each is refused, and nothing breaks."""

import pytest

from tests.api.callers import Caller, problem

_NAME = '{"full_name": "Lena Landlady", '


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"full_name": 1e99999999999999999999}', (400, "request.malformed_json")),
        ('{"full_name": "one", "full_name": "two"}', (400, "request.malformed_json")),
        (_NAME + '"external_ids": {"a\\u0000": "x"}}', (422, "request.invalid")),
        (_NAME + '"external_ids": {"": "x"}}', (422, "request.invalid")),
    ],
)
def test_is_refused(machine: Caller, body: str, said: tuple[int, str]) -> None:
    assert problem(machine.call("POST", "landlords", raw=body.encode())) == said


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE"])
def test_hmrcs_return_is_a_get_and_nothing_else(outsider: Caller, method: str) -> None:
    answer = outsider.call(method, "/hmrc/callback?state=x&code=y")

    assert answer.status_code == 405
