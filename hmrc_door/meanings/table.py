"""What the rows of the table are made of."""

from dataclasses import dataclass

from tenants.faults import Fault, Who


@dataclass(frozen=True)
class Meaning:
    """What one of our codes says: in a line, whether trying again can help, who must act, and what they should do."""

    code: str
    title: str
    retryable: bool
    who: Who
    user_action: str


@dataclass(frozen=True)
class Row:
    """One meaning and HMRC's codes for it."""

    meaning: Meaning
    hmrc_codes: tuple[str, ...] = ()


def row(code: str, title: str, who: str, user_action: str, *hmrc_codes: str, retryable: bool = False) -> Row:
    """A row; `who` is one of `Who`."""
    return Row(Meaning(code, title, retryable, Who(who), user_action), hmrc_codes)


def row_of(fault: type[Fault], *hmrc_codes: str) -> Row:
    """The row of something that a room below this one refuses by itself, in that room's words."""
    return Row(Meaning(fault.code, fault.title, fault.retryable, fault.who, fault.user_action), hmrc_codes)
