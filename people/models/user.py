from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from people.scopes import ROLES, Scope
from tenants.ids import new_id


class Role(models.TextChoices):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of an agency's staff. Lives in the agency's schema: the same address in two agencies is two people."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    # Factories

    @classmethod
    def invite(cls, *, email: str, role: str, full_name: str = "") -> Self:
        """A member of staff without a password: the mailed link lets them choose one."""
        user = cls(email=email.lower(), role=role, full_name=full_name)
        user.set_unusable_password()
        user.save(force_insert=True)
        return user

    # Queries

    @property
    def scopes(self) -> frozenset[Scope]:
        return ROLES[self.role]

    # Django's admin and allauth ask these; roles are the only authority here.

    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, *_: Any) -> bool:
        return False

    def has_module_perms(self, *_: Any) -> bool:
        return False
