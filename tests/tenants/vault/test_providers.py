"""The key file: what is wrong with it is one sentence that names the setting."""

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tenants.errors import KeyDenied, SealBroken
from tenants.vault.providers import FileProvider, Wrapped

GOOD = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
HERE = {"agency": "a", "purpose": "pii", "version": "1"}


def _file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "kek"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("setting", ["KEK_FILE", "TOKEN_KEK_FILE"])
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no key"),
        ("\n \n", "holds no key"),
        (GOOD, "a name, a colon and 32 bytes"),
        (f":{GOOD}", "a name, a colon and 32 bytes"),
        ("one:not base64!", "a name, a colon and 32 bytes"),
        (f"one:{base64.b64encode(b'k' * 31).decode()}", "a name, a colon and 32 bytes"),
        (f"one:{base64.b64encode(b'k' * 33).decode()}", "a name, a colon and 32 bytes"),
        (f"one:{GOOD}\ntwo:", "a name, a colon and 32 bytes"),
        (f"one:{OTHER}\none:{GOOD}", "two keys of the key file have the same name"),
    ],
)
def test_a_key_file_that_is_no_keyring_is_refused(text: str, why: str, setting: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=why) as caught:
        FileProvider(_file(tmp_path, text), setting=setting)

    assert str(caught.value).startswith(f"{setting}: ")
    assert GOOD not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_key_file_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"KEK_FILE: .*0600"):
        FileProvider(_file(tmp_path, f"one:{GOOD}", mode), setting="KEK_FILE")


def test_a_key_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="KEK_FILE: the key file can't be read"):
        FileProvider(tmp_path / "none", setting="KEK_FILE")


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    with pytest.raises(ImproperlyConfigured, match="KEK_FILE: the key file can't be read"):
        FileProvider(tmp_path, setting="KEK_FILE")


def test_the_first_key_wraps_and_every_key_unwraps(tmp_path: Path) -> None:
    before = FileProvider(_file(tmp_path, f"old:{OTHER}"), setting="KEK_FILE").wrap(b"data key", HERE)

    ring = FileProvider(_file(tmp_path, f"new:{GOOD}\nold:{OTHER}\n"), setting="KEK_FILE")

    assert ring.refs == ("new", "old")
    assert ring.wrap(b"data key", HERE).ref == "new"
    assert ring.unwrap(before, HERE) == b"data key"


def test_a_key_file_of_mere_bytes_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "")
    path.write_bytes(b"\xff" * 32)

    with pytest.raises(ImproperlyConfigured, match="KEK_FILE: the key file is no text"):
        FileProvider(path, setting="KEK_FILE")


@pytest.mark.parametrize("left", [0, 7, 12, 20])
def test_a_wrapped_key_that_was_cut_off_unwraps_nothing(left: int, tmp_path: Path) -> None:
    ring = FileProvider(_file(tmp_path, f"one:{GOOD}"), setting="KEK_FILE")
    wrapped = ring.wrap(b"data key", HERE)

    with pytest.raises(SealBroken):
        ring.unwrap(Wrapped("one", wrapped.data[:left]), HERE)


@pytest.mark.parametrize("changed", [{"agency": "b"}, {"purpose": "token"}, {"version": "2"}, {"more": "1"}])
def test_a_wrapped_key_is_bound_to_what_it_is_for(changed: dict[str, str], tmp_path: Path) -> None:
    ring = FileProvider(_file(tmp_path, f"one:{GOOD}"), setting="KEK_FILE")
    wrapped = ring.wrap(b"data key", HERE)

    with pytest.raises(SealBroken):
        ring.unwrap(wrapped, {**HERE, **changed})


def test_a_key_the_ring_does_not_have_unwraps_nothing(tmp_path: Path) -> None:
    ring = FileProvider(_file(tmp_path, f"one:{GOOD}"), setting="KEK_FILE")
    wrapped = ring.wrap(b"data key", HERE)

    with pytest.raises(KeyDenied):
        ring.unwrap(Wrapped("two", wrapped.data), HERE)
    with pytest.raises(SealBroken):
        FileProvider(_file(tmp_path, f"one:{OTHER}"), setting="KEK_FILE").unwrap(wrapped, HERE)
