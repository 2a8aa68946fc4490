"""Who is told that an endpoint was switched off."""

from typing import Any

import pytest
from django.core import mail

from events import notices, webhooks
from events.delivery import ending
from events.models import DisabledReason, WebhookEndpoint
from people.models import User
from people.principal import SYSTEM
from tenants.models import Agency
from tests.events.hooks import due, fresh, made
from tests.hmrc_oauth.fake_door import FakeClock

pytestmark = pytest.mark.usefixtures("in_alpha")
URL = "https://hooks.example/with-a-secret-path"


@pytest.fixture
def ended(in_alpha: Agency, time: FakeClock) -> WebhookEndpoint:
    for role in ("owner", "admin", "member", "read-only"):
        User.invite(email=f"{role}@alpha.example", role=role)
    User.objects.filter(pk=User.invite(email="left@alpha.example", role="owner").pk).update(is_active=False)
    endpoint = made(URL).endpoint
    ending.disable(endpoint, by=SYSTEM, reason=DisabledReason.GONE, now=time.now)
    mail.outbox.clear()
    return fresh(endpoint)


def test_owners_and_admins_are(ended: WebhookEndpoint, time: FakeClock) -> None:
    notices.run(endpoint_id=ended.pk, now=time.now)

    assert sorted(each.to for each in mail.outbox) == [["admin@alpha.example"], ["owner@alpha.example"]]
    text = mail.outbox[0].body
    assert "hooks.example" in text
    assert "410" in text
    assert str(ended.pk) in text
    assert "with-a-secret-path" not in text
    assert due("tell_staff", ended.pk) is None


def test_nobody_is_of_what_they_did_themselves(in_alpha: Agency, time: FakeClock) -> None:
    endpoint = made(URL).endpoint
    webhooks.change(by=SYSTEM, endpoint_id=endpoint.pk, given={"status": "disabled"}, expected=None, now=time.now)

    assert due("tell_staff", endpoint.pk) is None
    notices.run(endpoint_id=endpoint.pk, now=time.now)
    assert mail.outbox == []


def test_they_are_told_later_if_the_mail_server_is_away(
    ended: WebhookEndpoint, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", fail)
        notices.run(endpoint_id=ended.pk, now=time.now)
        assert (due("tell_staff", ended.pk) or time.now) > time.now
    time.advance(minutes=5)
    notices.run(endpoint_id=ended.pk, now=time.now)

    assert len(mail.outbox) == 2
    assert due("tell_staff", ended.pk) is None
