"""The mails that the world has sent: in a folder of its own, and nowhere else."""

from email import message_from_string, policy
from typing import Any

from tests.stack.world import World, until


def mails_to(world: World, address: str) -> list[Any]:
    """The mails to this address, oldest first."""
    files = sorted((world.home / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns)
    texts = [text for file in files for text in file.read_text().split("-" * 79) if text.strip()]
    mails = [message_from_string(text.lstrip(), policy=policy.default) for text in texts]
    return [mail for mail in mails if mail["To"] == address]


def newest(world: World, address: str, subject: str) -> str:
    """The text of the newest mail of this subject, once it has come."""
    found = until(lambda: [mail for mail in mails_to(world, address) if subject in mail["Subject"]], within=40)
    return str(found[-1].get_content())
