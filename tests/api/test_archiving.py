"""A landlord who is archived leaves nothing that works behind."""

from hmrc_oauth.models import Grant
from mtd.models import Submission
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, problem
from tests.api.world import World


def test_a_landlord_with_a_submission_under_way_stays(machine: Caller, alphas: World) -> None:
    answer = machine.delete(f"landlords/{alphas.landlord_id}")

    assert problem(answer) == (409, "landlord.unsettled_submissions")
    assert machine.get(f"landlords/{alphas.landlord_id}").status_code == 200


def test_archiving_wipes_the_tokens(machine: Caller, alpha: Agency, alphas: World) -> None:
    with tenant(alpha):
        Submission.objects.update(status="accepted")

    assert machine.delete(f"landlords/{alphas.landlord_id}").status_code == 204

    with tenant(alpha):
        assert {grant.status for grant in Grant.objects.filter(landlord_id=alphas.landlord_id)} == {"wiped"}
