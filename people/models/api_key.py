from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import Q

from people.scopes import Scope
from tenants.ids import new_id

_TOUCHED_EVERY: Final = timedelta(minutes=1)


class ApiKey(models.Model):
    """A machine's key to one agency. The key itself is shown once; here is only what is needed to tell keys apart."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    scopes = models.JSONField(default=list)
    created_by_kind = models.CharField(max_length=16)
    created_by_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    # Mutators

    def touch(self, *, now: datetime) -> None:
        """Remember that the key was used: at most one write a minute, and none that waits for another request's."""
        before = now - _TOUCHED_EVERY
        if self.last_used_at is not None and self.last_used_at >= before:
            return
        stale = ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=before), pk=self.pk)
        with transaction.atomic(savepoint=False):
            free = stale.select_for_update(skip_locked=True, no_key=True)
            ApiKey.objects.filter(pk__in=free.values("pk")).update(last_used_at=now)

    def revoke(self, *, now: datetime) -> bool:
        """False if it was revoked before."""
        return ApiKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now) == 1

    # Properties

    @property
    def granted(self) -> frozenset[Scope]:
        return frozenset(Scope(scope) for scope in self.scopes)
