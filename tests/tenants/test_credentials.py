"""Bearer credentials: their shape, their checksum, and that only a digest is kept."""

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tenants import credentials
from tenants.errors import CredentialMalformed
from tenants.ids import new_id
from tenants.models import Agency, Credential, CredentialKind

_PREFIXES = {
    "qd_live": CredentialKind.API_KEY,
    "qd_test": CredentialKind.API_KEY,
    "qdl": CredentialKind.LANDLORD,
    "qdi": CredentialKind.INVITATION,
    "qdo": CredentialKind.OPERATOR,
}


def _mint(prefix: str, agency: Agency | None, expires_at: datetime | None = None) -> str:
    owner = None if prefix == "qdo" else agency
    return credentials.mint(prefix=prefix, subject_id=new_id(), agency=owner, expires_at=expires_at)


@pytest.mark.parametrize("prefix", _PREFIXES)
def test_a_credential_is_a_prefix_43_characters_and_a_checksum(prefix: str, alpha: Agency) -> None:
    raw = _mint(prefix, alpha)

    assert re.fullmatch(rf"{prefix}_[0-9A-Za-z]{{49}}", raw)
    assert credentials.parse(raw) == (_PREFIXES[prefix], hashlib.sha256(raw.encode()).digest())


def test_the_checksum_is_frozen() -> None:
    assert credentials._checksum("qd_test_" + "0" * 43) == "3TctW9"


def test_only_the_digest_is_stored(alpha: Agency) -> None:
    raw = _mint("qd_test", alpha)

    row = Credential.objects.get(digest=hashlib.sha256(raw.encode()).digest())

    assert raw not in str(vars(row))
    assert raw[8:] not in str(vars(row))


def test_no_two_credentials_are_alike(alpha: Agency) -> None:
    assert len({_mint("qd_test", alpha) for _ in range(50)}) == 50


def test_every_single_changed_letter_is_found_without_the_database(
    alpha: Agency, django_assert_num_queries: Any
) -> None:
    raw = _mint("qd_test", alpha)

    with django_assert_num_queries(0):
        for place in range(8, len(raw)):
            changed = raw[:place] + ("a" if raw[place] != "a" else "b") + raw[place + 1 :]
            with pytest.raises(CredentialMalformed):
                credentials.parse(changed)


@pytest.mark.parametrize("wrap", ["{}\n", " {}", "{}x", "x{}", "{}\0"])
def test_nothing_may_stand_around_a_credential(wrap: str, alpha: Agency) -> None:
    raw = _mint("qd_test", alpha)

    with pytest.raises(CredentialMalformed):
        credentials.parse(wrap.format(raw))


def test_a_credential_can_not_be_passed_off_as_another_kind(alpha: Agency) -> None:
    raw = _mint("qdi", alpha)

    with pytest.raises(CredentialMalformed):
        credentials.parse(raw.replace("qdi_", "qdo_"))


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(CredentialMalformed) as caught:
        credentials.parse("qd_test_canary")

    assert "canary" not in str(caught.value) + repr(caught.value) + str(vars(caught.value))


@pytest.mark.parametrize(
    ("environment", "prefix"), [("local", "qd_test"), ("sandbox", "qd_test"), ("production", "qd_live")]
)
def test_a_key_says_whether_it_is_live(environment: str, prefix: str, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name=environment)

    assert credentials.api_key_prefix() == prefix


def test_a_credential_lives_until_the_moment_it_expires(alpha: Agency, now: datetime) -> None:
    mark = credentials.parse(_mint("qdl", alpha, expires_at=now)).digest

    before = Credential.get_live(mark, now=now - timedelta(microseconds=1))

    assert before is not None
    assert Credential.get_live(mark, now=now) is None


def test_only_an_operators_key_has_no_agency(alpha: Agency) -> None:
    for prefix, agency in (("qd_test", None), ("qdo", alpha)):
        with pytest.raises(IntegrityError, match="only_an_operator_has_no_agency"), transaction.atomic():
            credentials.mint(prefix=prefix, subject_id=new_id(), agency=agency, expires_at=None)


def test_to_forget_a_subject_takes_its_credentials_and_no_others(alpha: Agency, beta: Agency, now: datetime) -> None:
    subject = new_id()
    mine, twin = (
        credentials.parse(credentials.mint(prefix="qdl", subject_id=subject, agency=agency, expires_at=None)).digest
        for agency in (alpha, beta)
    )

    Credential.forget(agency_id=alpha.pk, subject_id=subject)

    assert Credential.get_live(mine, now=now) is None
    assert Credential.get_live(twin, now=now) is not None
