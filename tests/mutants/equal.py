"""Changes that change nothing anybody could see, each with its reason. They are not counted."""

EQUAL: dict[tuple[str, str], str] = {}
