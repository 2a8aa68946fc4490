"""Nothing that works once is spent by a process that could not seal what it buys."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hmrc_oauth import exchange, refresh
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus
from landlords.models import Landlord
from tenants.errors import KeyDenied
from tenants.models import Agency, TenantKey
from tenants.vault import Purpose, keyring
from tests.hmrc_oauth.fake_door import FakeDoor, granted, opened
from tests.hmrc_oauth.scenes import again, completed


@pytest.fixture
def session(landlord: Landlord) -> ConnectSession:
    return completed(landlord)


@pytest.fixture
def newer_line_elsewhere(in_alpha: Agency, settings: Any, tmp_path: Path) -> None:
    """Another host has the next line of the key file already, and made the version that seals now."""
    ours, theirs = settings.TOKEN_KEK_FILE, tmp_path / "kek"
    theirs.touch(mode=0o600)
    theirs.write_text(f"next:{base64.b64encode(b'n' * 32).decode()}\n{ours.read_text()}")
    keyring.primary(in_alpha.pk, Purpose.TOKEN)
    settings.TOKEN_KEK_FILE = theirs
    made = keyring.new_row(in_alpha.pk, Purpose.TOKEN, version=2)
    made.seals_from = datetime.now(UTC) - timedelta(minutes=1)
    made.save()
    settings.TOKEN_KEK_FILE = ours


class TestWithoutTheLineOfTheKeyThatSeals:
    def test_no_refresh_token_is_spent_and_nothing_is_in_doubt(
        self, stale: Grant, door: FakeDoor, newer_line_elsewhere: None
    ) -> None:
        with pytest.raises(KeyDenied):
            refresh.run(grant_id=stale.pk)

        assert door.asked == []
        after = again(stale)
        assert (after.status, after.fence) == (GrantStatus.ACTIVE, stale.fence)
        assert opened(after.refresh_token) == "refresh-old"

    def test_no_code_is_spent_and_the_session_is_free_for_others(
        self, session: ConnectSession, door: FakeDoor, newer_line_elsewhere: None
    ) -> None:
        with pytest.raises(KeyDenied):
            exchange.run(session_id=session.pk)

        assert door.asked == []
        assert again(session).attempts == 0


def test_a_key_whose_time_in_memory_ends_while_hmrc_answers_is_not_asked_for_again(
    stale: Grant, door: FakeDoor, in_alpha: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    TenantKey.objects.update(created_at="2026-01-01T00:00Z")  # before this test's transaction
    keyring.forget()
    monkeypatch.setattr("tenants.vault.keyring.time.monotonic", lambda: 1000.0)
    keyring.primary(in_alpha.pk, Purpose.TOKEN)
    monkeypatch.setattr("tenants.vault.keyring.time.monotonic", lambda: 1299.0)

    def hmrc_takes_its_time() -> Any:
        TenantKey.objects.filter(purpose=Purpose.TOKEN).update(kek_ref="a line that this process lacks")
        monkeypatch.setattr("tenants.vault.keyring.time.monotonic", lambda: 1319.0)
        return granted()

    door.will(hmrc_takes_its_time)

    refresh.run(grant_id=stale.pk)

    assert again(stale).token_version == 2
