"""What is counted of refreshes: every answer of the token endpoint's under one word of ours."""

from typing import Any

import pytest

from hmrc_door.outcomes import Unknown
from hmrc_door.token_endpoint import TokenFault
from hmrc_oauth import metrics, refresh
from hmrc_oauth.models import Grant
from tests.hmrc_oauth.fake_door import IN_PROGRESS, NOT_SENT, UNKNOWN, FakeDoor, granted, token_refused

ANSWERS = [
    (granted(), "granted"),
    (NOT_SENT, "not_sent"),
    (token_refused(TokenFault.INVALID_GRANT), "refused"),
    (token_refused(TokenFault.INVALID_CLIENT), "client_refused"),
    (token_refused(TokenFault.THROTTLED), "throttled"),
    (token_refused(TokenFault.OTHER), "not_understood"),
    (IN_PROGRESS, "not_understood"),
    (UNKNOWN, "lost"),
    (Unknown(reason="undecided_status", status=408), "lost"),
    (Unknown(reason="server_error", status=500), "unavailable"),
]


def counted() -> dict[str, float]:
    (family,) = metrics.REFRESH_OUTCOMES.collect()
    return {each.labels["outcome"]: each.value for each in family.samples if each.name.endswith("_total")}


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS)
def test_an_answer_counts_once_under_its_word(answer: Any, outcome: str) -> None:
    before = counted()

    metrics.count_refresh(answer)

    after = counted()
    assert {word: after[word] - before[word] for word in after if after[word] != before[word]} == {outcome: 1}


def test_every_word_is_shown_from_the_start_and_comes_of_some_answer() -> None:
    assert set(counted()) == set(metrics.OUTCOMES) == {outcome for _, outcome in ANSWERS}


def test_a_refresh_is_counted(stale: Grant, door: FakeDoor) -> None:
    before = counted()
    door.will(granted())

    refresh.run(grant_id=stale.pk)

    assert counted()["granted"] == before["granted"] + 1
