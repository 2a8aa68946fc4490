"""The two ways of choosing an answer."""

PRODUCTION_LIKE = "production_like"
"""Answers follow from the state of the world, obligations included: more than HMRC's own sandbox does."""

HMRC_SANDBOX = "hmrc_sandbox"
"""Fixed answers, and the state of the world only where HMRC has it, and only when asked for."""

MODES = (PRODUCTION_LIKE, HMRC_SANDBOX)
