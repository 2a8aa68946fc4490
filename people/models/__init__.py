from people.models.api_key import ApiKey
from people.models.fraud_context import FraudContext
from people.models.idempotency import IdempotencyRecord
from people.models.operation import Operation, OperationStatus
from people.models.session import Session
from people.models.user import Role, User

__all__ = ["ApiKey", "FraudContext", "IdempotencyRecord", "Operation", "OperationStatus", "Role", "Session", "User"]
