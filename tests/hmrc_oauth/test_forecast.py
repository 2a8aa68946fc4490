"""What a policy costs, and whether the share covers it: the same arithmetic in the table, the log and the API."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hmrc_oauth import coverage
from hmrc_oauth.forecast import Forecast, coverable, share_for
from hmrc_oauth.policy import Policy
from tenants import clock, due
from tenants.models import Agency, Due
from tests.house.source import ROOT


@pytest.mark.parametrize(("policy", "a_day"), [(Policy.ON_DEMAND, 547.6), (Policy.WORKING, 1095.1)])
def test_what_is_refreshed_for_use_follows_from_the_use(policy: Policy, a_day: float) -> None:
    assert Forecast(policy, 10_000).refreshes_a_day == pytest.approx(a_day, abs=0.1)


def test_losses_are_kills_times_what_is_in_flight() -> None:
    # 10,000 landlords, 20 refreshes a year of 0.3 s each, 52 kills: 200,000 times 0.3 s of a year's 31,557,600 s.
    assert Forecast(Policy.ON_DEMAND, 10_000).lost_a_year == pytest.approx(52 * 200_000 * 0.3 / 31_557_600)


def test_keeping_all_warm_takes_a_refresh_of_each_in_215_minutes() -> None:
    found = Forecast(Policy.ALL, 1_000)

    assert found.kept_warm == 1_000
    assert found.refreshes_a_day == pytest.approx(1_000 * 24 * 60 / 215)


def test_what_the_share_does_not_cover_is_refreshed_for_use() -> None:
    found = Forecast(Policy.ALL, 100_000)

    ahead = found.kept_warm * 24 * 60 / 215
    assert ahead / (3 * 86_400) == pytest.approx(0.20, rel=1e-3)
    assert found.refreshes_a_day - ahead == pytest.approx((100_000 - found.kept_warm) * 20 / 365.25)


@given(grants=st.integers(1, 200_000), rate=st.integers(1, 10))
def test_the_share_it_takes_is_just_enough(grants: int, rate: int) -> None:
    share = share_for(grants=grants, rate=rate)

    assert grants - 1 <= coverable(share=share, rate=rate) <= grants
    assert coverable(share=share * (1 - 1 / grants), rate=rate) < grants


def test_the_page_shows_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("forecast_refresh")

    table = capsys.readouterr().out
    assert table.count("\n") == 11
    assert table in (ROOT / "docs" / "refresh.md").read_text()


class TestTheShare:
    @pytest.fixture(autouse=True)
    def _three_grants(self, in_alpha: Agency, settings: Any) -> None:
        settings.REFRESH_POLICY = Policy.ALL
        Due.objects.all().delete()
        at = clock.now() + timedelta(hours=1)
        rows = [(UUID(int=number), at) for number in range(3)]
        due.keep_all(kind=due.Kind.REFRESH_AHEAD, lane=due.Lane.BACKGROUND, rows=rows)

    def test_that_covers_them_is_said_to_and_nothing_is_logged(self) -> None:
        with capture_logs() as logs:
            coverage.report()

        assert coverage.measure()[:4] == (Policy.ALL, 0.2, 3, 0)
        assert logs == []

    def test_that_does_not_is_reported_with_what_it_would_take(self, settings: Any) -> None:
        settings.REFRESH_SHARE = 1 / (3 * 12_900)  # of one grant

        with capture_logs() as logs:
            coverage.report()

        (said,) = logs
        assert (said["event"], said["grants"], said["uncovered"]) == ("refresh.share_too_small", 3, 2)
        assert said["share_needed"] == pytest.approx(3 / (3 * 12_900), abs=1e-4)

    @pytest.mark.parametrize("policy", [Policy.WORKING, Policy.ON_DEMAND])
    def test_promises_nothing_under_the_other_policies(self, settings: Any, policy: Policy) -> None:
        settings.REFRESH_POLICY, settings.REFRESH_SHARE = policy, 1e-9

        assert coverage.measure() == (policy, 1e-9, 0, 0, 0.0)
