"""The named places in a refresh and an exchange."""

from tenants.failpoints import arm, failpoint

__all__ = ["POINTS", "arm", "failpoint"]

POINTS = (
    "refresh.begun",
    "refresh.in_abandonment",
    "refresh.after_abandonment",
    "witness.after_answer",
    "witness.in_verdict",
    "refresh.after_slot",
    "refresh.in_claim",
    "refresh.after_claim",
    "refresh.after_answer",
    "refresh.in_commit",
    "refresh.after_commit",
    "refresh.in_burial",
    "refresh.after_burial",
    "refresh.in_release",
    "refresh.after_release",
    "exchange.begun",
    "exchange.after_slot",
    "exchange.in_claim",
    "exchange.after_claim",
    "exchange.after_answer",
    "exchange.in_keep",
    "exchange.after_keep",
    "exchange.in_release",
    "exchange.after_release",
)
