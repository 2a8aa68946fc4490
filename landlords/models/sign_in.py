from datetime import datetime, timedelta

from django.db import models
from django.db.models import F

from landlords.models.landlord import Landlord
from tenants.ids import new_id
from tenants.vault import SealedField, SealedModel, blind_index

CODE_LIFE = timedelta(minutes=10)
TRIES = 5


class LinkRequest(SealedModel):
    """Somebody wants a sign-in link at this address. Whether a landlord has it, a worker finds out: the answer to the
    request takes as long for one who does as for one who does not.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    address = SealedField(label="link_request.address")
    created_at = models.DateTimeField()


class SignInCode(models.Model):
    """Six digits by mail, with which a landlord goes on with one connect session. Kept as a keyed digest: a million
    codes would be tried in no time.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.ForeignKey(Landlord, on_delete=models.CASCADE, related_name="sign_in_codes")
    connect_session_id = models.UUIDField(db_index=True)
    digest = models.BinaryField(null=True, max_length=32)  # None until it is mailed
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    # Mutators

    def put(self, code: str, *, now: datetime) -> bool:
        """This is the code; its time counts from now. False if it was used."""
        rows = SignInCode.objects.filter(pk=self.pk, used_at=None)
        return rows.update(digest=self.digest_of(code), expires_at=now + CODE_LIFE) == 1

    def spend_try(self, *, now: datetime) -> bool:
        """One more attempt at it. False if there is none left, or it is over."""
        live = SignInCode.objects.filter(pk=self.pk, used_at=None, expires_at__gt=now, tries__lt=TRIES)
        return live.update(tries=F("tries") + 1) == 1

    def use(self, *, now: datetime) -> bool:
        """Once."""
        return SignInCode.objects.filter(pk=self.pk, used_at=None).update(used_at=now, digest=None) == 1

    # Queries

    def digest_of(self, code: str) -> bytes:
        """Bound to the row, and so to its connect session."""
        return blind_index("sign_in_code", f"{self.pk}:{code}")
