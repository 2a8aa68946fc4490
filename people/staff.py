"""Staff of an agency: invited, given a role, let go. Who may call these functions at all, the API's scopes say."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from people.adapters import AccountAdapter, HeadlessAdapter
from people.errors import EmailTaken, LastOwner, OwnersOnly, PasswordIsPersonal, ScopeNotYours
from people.models import Role, User
from people.principal import Principal, PrincipalKind
from people.scopes import ROLES, Scope
from people.sessions import end_sessions
from tenants.faults import FieldFault, Invalid, NotFound

# An agency's first owner is made before it has one.
_ABOVE_OWNERS = frozenset({PrincipalKind.SYSTEM, PrincipalKind.OPERATOR})


@transaction.atomic
def invite_staff(*, email: str, role: str, invited_by: Principal, now: datetime, full_name: str = "") -> User:
    """Make a member of staff without a password, and mail a link at which they choose one.

    The address counts as verified, since nobody gets in without the mail. The link works once, for
    PASSWORD_RESET_TIMEOUT seconds.
    Raises Invalid, EmailTaken, OwnersOnly, ScopeNotYours.
    """
    email, full_name = email.strip().lower(), full_name.strip()
    _check(User(email=email, role=role, full_name=full_name))
    _within_reach(invited_by, role)
    user = _create(email=email, role=role, full_name=full_name)
    _send_invitation(user, now=now)
    return user


@transaction.atomic
def change_role(*, user_id: UUID, role: str, by: Principal) -> User:
    """Give a member of staff another role, in force from their next request.

    Raises NotFound, Invalid, OwnersOnly, ScopeNotYours, LastOwner.
    """
    user, owners = _lock(user_id)
    before, user.role = user.role, role
    _check(user)
    _within_reach(by, before, role)
    if role != Role.OWNER:
        _keep_one(owners, without=user_id)
    User.objects.filter(pk=user_id).update(role=role)
    return user


@transaction.atomic
def deactivate(*, user_id: UUID, by: Principal) -> User:
    """Let a member of staff go: every session ends and none can begin. What they did keeps their name.

    Raises NotFound, OwnersOnly, ScopeNotYours, LastOwner.
    """
    user, owners = _lock(user_id)
    _within_reach(by, user.role)
    _keep_one(owners, without=user_id)
    User.objects.filter(pk=user_id).update(is_active=False)
    end_sessions(user_id=user_id)
    user.is_active = False
    return user


def set_password(*, user_id: UUID, password: str) -> None:
    """Set the demo owner's password. Raises PasswordIsPersonal anywhere but in `local`, NotFound."""
    if settings.HMRC.name != "local":
        raise PasswordIsPersonal
    if not User.objects.filter(pk=user_id).update(password=make_password(password)):
        raise NotFound


def _check(user: User) -> None:
    try:
        user.clean_fields(exclude={"password"})
    except ValidationError as why:
        wrong = [(f"/{name}", each) for name, found in why.error_dict.items() for each in found]
        raise Invalid(errors=[FieldFault(place, str(each.code), each.messages[0]) for place, each in wrong]) from None


def owners_only(by: Principal) -> None:
    """Raises OwnersOnly if somebody below an owner asks."""
    if not by.may(Scope.OWNERS) and by.kind not in _ABOVE_OWNERS:
        raise OwnersOnly


def _within_reach(by: Principal, *roles: str) -> None:
    """Nobody makes, changes or lets go of anyone who may do more than they. Raises OwnersOnly, ScopeNotYours."""
    if Role.OWNER in roles:
        owners_only(by)
    if by.kind not in _ABOVE_OWNERS and not all(ROLES[role] <= by.scopes for role in roles):
        raise ScopeNotYours


def _create(*, email: str, role: str, full_name: str) -> User:
    try:
        with transaction.atomic():
            user = User.invite(email=email, role=role, full_name=full_name)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    except IntegrityError:
        raise EmailTaken from None
    return user


def _lock(user_id: UUID) -> tuple[User, frozenset[UUID]]:
    """The person, and who is an active owner: locked, so that the last two can't let each other go at once."""
    wanted = Q(pk=user_id) | Q(role=Role.OWNER, is_active=True)
    people = {user.pk: user for user in User.objects.filter(wanted).order_by("pk").select_for_update()}
    if user_id not in people:
        raise NotFound
    return people[user_id], frozenset(pk for pk, user in people.items() if user.role == Role.OWNER and user.is_active)


def _keep_one(owners: frozenset[UUID], *, without: UUID) -> None:
    if owners == {without}:
        raise LastOwner


def _send_invitation(user: User, *, now: datetime) -> None:
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    link = HeadlessAdapter().get_frontend_url("account_reset_password_from_key", key=key)
    until = now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    said = {"full_name": user.full_name, "password_url": link, "until": until}
    AccountAdapter().send_mail("people/email/invitation", user.email, said)
