"""Changes that change nothing anybody could see, each with its reason. They are not counted."""

EQUAL: dict[tuple[str, str], str] = {
    ("backoff", "8  →  9"): "the longest wait is reached before the eighth doubling",
    (
        "models/grant",
        (
            "models.ExpressionWrapper(Q(lease_ends_at__gte=ClockTimestamp()), models.BooleanField())"
            "  →  models.ExpressionWrapper(Q(lease_ends_at__gte=ClockTimestamp()), None)"
        ),
    ): "Django knows that a Q is true or false; its type stubs want it said",
    (
        "exchange",
        (
            'backend.make(redirect_uri=session.redirect_uri, bag=bag, data={"code": code, "state": bag["state"]})'
            '  →  backend.make(redirect_uri=None, bag=bag, data={"code": code, "state": bag["state"]})'
        ),
    ): "what is sent has the session's own; social-auth's form gives only the code and its verifier",
}
