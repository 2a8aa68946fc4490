"""Which operation a path and a method name."""

from typing import Any

import pytest

from sandbox.hmrc.api.catalogue import OPERATIONS, ROUTES
from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.problems import Refusal
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, Hmrc

DETAILS = f"/individuals/business/details/{HARRIET}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_is_found_by_its_own_path(operation: Operation[Any]) -> None:
    path = operation.path.replace("{", "a-").replace("}", "")

    versions, values = ROUTES.find(operation.method, path)

    assert versions[operation.version] is operation
    assert {f"{{{name}}}" for name in values} == {part for part in operation.path.split("/") if part.startswith("{")}
    assert values == {name: f"a-{name}" for name in values}


def test_of_two_paths_that_match_the_one_that_says_more_is_meant() -> None:
    assert [next(iter(ROUTES.find("GET", f"{DETAILS}/{end}")[0].values())).name for end in ("list", HER_BUSINESS)] == [
        "business_list",
        "business_details",
    ]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/individuals", "MATCHING_RESOURCE_NOT_FOUND"),
        ("GET", f"{DETAILS}/list/of/all/there/is", "MATCHING_RESOURCE_NOT_FOUND"),
        ("GET", f"{DETAILS}/", "MATCHING_RESOURCE_NOT_FOUND"),
        ("PATCH", f"{DETAILS}/list", "METHOD_NOT_ALLOWED"),
    ],
)
def test_what_is_not_there_is_refused(method: str, path: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        ROUTES.find(method, path)


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "DELETE"])
def test_a_wrong_method_is_answered_as_json(hmrc: Hmrc, method: str) -> None:
    answer = hmrc.http.open(f"{DETAILS}/list", method=method)

    assert (answer.status_code, answer.get_json()["code"]) == (405, "METHOD_NOT_ALLOWED")
