"""No process starts without the right keys; none of the API's starts with the key of tokens."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenants.models import Agency, KeyCheck
from tests.tenants.processes import API, PREPARE, SCHEDULER, WORKER, refused, start

_NO_TOKENS = {"TOKEN_KEK_FILE": None}


@pytest.fixture
def wrong_key(tmp_path: Path) -> str:
    path = tmp_path / "kek"
    path.touch(mode=0o600)
    path.write_text(f"test:{base64.b64encode(b'w' * 32).decode()}\n")
    return str(path)


@pytest.fixture
def without_check(alpha_committed: Agency) -> Iterator[None]:
    """A database whose key check is gone, as after a careless restore."""
    kept = list(KeyCheck.objects.all())
    KeyCheck.objects.all().delete()
    yield
    KeyCheck.objects.bulk_create(kept)


@pytest.mark.usefixtures("alpha_committed")
class TestAProcess:
    def test_of_the_api_starts_with_the_data_key_alone(self) -> None:
        ended = start(API, _NO_TOKENS)

        assert (ended.returncode, ended.stderr) == (0, "")

    def test_of_the_api_is_refused_the_key_of_tokens(self) -> None:
        assert refused(start(API, {})) == "TOKEN_KEK_FILE: an API process must not be given the key of tokens."

    @pytest.mark.parametrize("program", [API, SCHEDULER], ids=["api", "scheduler"])
    def test_does_not_start_without_a_key(self, program: tuple[str, ...]) -> None:
        line = refused(start(program, {**_NO_TOKENS, "KEK_FILE": None}))

        assert line == "KEK_FILE: a key file is needed and none is named."

    def test_that_works_does_not_start_without_the_key_of_tokens(self) -> None:
        assert refused(start(WORKER, _NO_TOKENS)) == "TOKEN_KEK_FILE: a key file is needed and none is named."

    def test_does_not_start_with_another_key(self, wrong_key: str) -> None:
        line = refused(start(API, {**_NO_TOKENS, "KEK_FILE": wrong_key}))

        assert line == "KEK_FILE: this is not the key that this database was sealed with."

    def test_that_works_does_not_start_with_another_key_of_tokens(self, wrong_key: str) -> None:
        line = refused(start(WORKER, {"TOKEN_KEK_FILE": wrong_key}))

        assert line == "TOKEN_KEK_FILE: this is not the key that this database was sealed with."

    @pytest.mark.usefixtures("without_check")
    def test_does_not_start_on_a_database_that_has_keys_and_no_check(self) -> None:
        line = refused(start(SCHEDULER, {}))

        assert line == "KEK_FILE: the database holds data keys but no key check; restore tenants_keycheck."
        assert not KeyCheck.objects.exists()

    def test_that_works_does_not_start_in_a_copy(self) -> None:
        line = refused(start(WORKER, {"ENVIRONMENT_ID": "of-the-copy"}))

        assert line.startswith("ENVIRONMENT_ID: this database belongs to local-")
        assert line.endswith(
            ": no token is spent in a copy. To make it this environment's, run manage.py adopt_environment."
        )

    def test_that_spends_nothing_starts_in_a_copy_too(self) -> None:
        ended = start(API, {**_NO_TOKENS, "ENVIRONMENT_ID": "of-the-copy"})

        assert (ended.returncode, ended.stderr) == (0, "")

    def test_that_prepares_the_database_checks_both_keys(self, wrong_key: str) -> None:
        line = refused(start(PREPARE, {"TOKEN_KEK_FILE": wrong_key}))

        assert line.startswith("TOKEN_KEK_FILE: this is not the key")


def test_a_new_key_in_front_of_the_old_one_is_still_the_right_ring(db: None, settings: Any, tmp_path: Path) -> None:
    from tenants.vault.check import check_ring

    ring = tmp_path / "ring"
    ring.touch(mode=0o600)
    new = base64.b64encode(b"n" * 32).decode()
    ring.write_text(f"new:{new}\n{settings.KEK_FILE.read_text()}")
    settings.KEK_FILE = ring

    check_ring("data")

    assert KeyCheck.objects.filter(ring="data").exists()


def test_the_first_process_on_an_empty_database_remembers_its_key(db: None, settings: Any) -> None:
    from tenants.models import TenantKey
    from tenants.vault.check import check_ring

    KeyCheck.objects.all().delete()
    TenantKey.objects.all().delete()

    check_ring("data")
    check_ring("data")

    assert [check.ring for check in KeyCheck.objects.all()] == ["data"]
