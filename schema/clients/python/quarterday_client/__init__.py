"""Quarterday's API for Python."""

from quarterday_client.client import Quarterday, fraud_context_snippet
from quarterday_client.problem import QuarterdayError
from quarterday_client.sending import Answer, Patience
from quarterday_client.types import ERROR_CODES, ErrorCode, Problem

__all__ = [
    "ERROR_CODES",
    "Answer",
    "ErrorCode",
    "Patience",
    "Problem",
    "Quarterday",
    "QuarterdayError",
    "fraud_context_snippet",
]
