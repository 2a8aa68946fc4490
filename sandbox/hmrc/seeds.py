"""The eight people of a new stand-in. All are invented; passwords and codes are drawn once per installation."""

from sandbox.hmrc import magic
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.people import People, User, new_user


def _home(number: int) -> Business:
    return Business(business_id=f"XPIS1000000000{number}", type_of_business="uk-property")


def _shop(number: int) -> Business:
    return Business(
        business_id=f"XBIS1000000000{number}", type_of_business="self-employment", trading_name="Thornycombe Frames"
    )


def _person(number: int, full_name: str, *businesses: Business, enrolled: bool = True) -> User:
    nino, user_id = f"AA00000{number}A", f"70000000000{number}"
    return new_user(nino=nino, full_name=full_name, enrolled=enrolled, businesses=businesses, user_id=user_id)


def sow(people: People) -> None:
    """Put the first users into an empty stand-in; leave one that has users alone."""
    magic.sow(people)
    if people.everyone():
        return
    for user in _cast():
        people.add(user, seeded=True)


def _cast() -> tuple[User, ...]:
    return (
        _person(1, "Harriet Penhallow-Dunn", _home(1)),
        _person(2, "Idris Marchbanks-Lloyd", _home(2)),
        _person(3, "Priya Nandakumar-West", _home(3)),
        _person(4, "Callum Strathearn-Webb", _home(4)),
        _person(5, "Folasade Adeyinka-Brooke", _home(5)),
        _person(6, "Beatrix Thornycombe", _home(6), _shop(6)),
        _person(7, "Tobias Quillfeather", _home(7), enrolled=False),
        _person(8, "Rosalind Umbershaw"),
    )


def reset(people: People) -> None:
    """Bring the users back to what they were at first start; their passwords stay."""
    people.drop_added()
    for user in _cast():
        people.restore(user)
    magic.restore(people)
