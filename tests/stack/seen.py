"""Every secret that the session has come across, so that the last test can look for each of them."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Seen:
    """Secrets by their value, each with what it is."""

    what: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, *secrets: str) -> None:
        """Remember these. Something short would be found everywhere."""
        for secret in secrets:
            assert len(secret) >= 9, f"too short to be looked for: a {what}"
            self.what[secret] = what

    def plain(self) -> Iterator[tuple[str, bytes]]:
        """Each secret as it is written, with what it is."""
        for secret, what in self.what.items():
            yield from ((what, form.encode()) for form in _written(secret, what))

    def traces(self) -> Iterator[tuple[str, bytes]]:
        """Each secret as it might lie about, written or encoded, with what it is."""
        for what, form in self.plain():
            yield what, form
            yield f"{what}, in hexadecimal", form.hex().encode()
            yield from ((f"{what}, in base64", text) for text in _base64(form))


def _written(secret: str, what: str) -> list[str]:
    if what != "NINO":
        return [secret]
    spaced = f"{secret[:2]} {secret[2:4]} {secret[4:6]} {secret[6:8]} {secret[8]}"
    return [secret, secret.lower(), spaced, spaced.lower()]


def _base64(secret: bytes) -> Iterator[bytes]:
    """The part that is the same whatever stands before and after, at each of the three places it may begin."""
    for before, unsure in ((0, 0), (1, 2), (2, 3)):
        text = base64.b64encode(b" " * before + secret)
        kept = text[unsure : len(text) - (0, 3, 2)[(before + len(secret)) % 3]]
        yield kept
        if kept != (safe := kept.translate(bytes.maketrans(b"+/", b"-_"))):
            yield safe
