"""The stand-in serves what HMRC publishes, and nothing else."""

from sandbox.hmrc.api.catalogue import OPERATIONS
from tests.contract import facts


def test_every_operation_is_served_at_its_method_path_version_and_scope_and_nothing_beyond() -> None:
    served = {(each.method, each.path, each.version, each.scope) for each in OPERATIONS}
    published = {(each.method, each.path, each.version, each.scope) for each in facts.operations()}

    assert served == published
    assert len(OPERATIONS) == len(served)


def test_every_operation_knows_the_scenarios_that_hmrc_names_and_no_others() -> None:
    served = {(each.method, each.path): set(each.scenarios) | {"STATEFUL"} for each in OPERATIONS if each.scenarios}

    assert served == {
        (each.method, each.path): set(each.scenarios) | {"STATEFUL"} for each in facts.operations() if each.scenarios
    }
