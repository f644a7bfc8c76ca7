"""How the system is: asked at once, waited for briefly, and only told to admins."""

import threading

from api.system.asks import NOTHING, Ask, Asks
from api.system.machine import Group, Part, Warned
from tests.beside import until
from tests.unit.api.client import World

WAIT_S = 60


def system(world: World) -> dict[str, object]:
    """The answer once everybody has said something: a busy machine takes longer than one question waits."""
    while True:
        answer = world.get("system")
        assert answer.status_code == 200, answer.text
        told: dict[str, object] = answer.json()
        if None not in told["as_of_ms"].values():  # type: ignore[attr-defined]
            return told


def test_an_admin_is_told_what_runs_what_lags_and_what_to_mend(world: World) -> None:
    world.machine.running = [Part(name="smtp", about="mails", is_well=True, since_ms=5, memory_bytes=1 << 20)]
    world.machine.behind = [Group(group="effects", service="effects", workers=0, records=7)]
    world.machine.ill = [Warned(level="warn", subject="group", what="effects is behind", advice="sightlog run effects")]
    told = system(world)
    assert told["parts"] == [
        {"name": "smtp", "about": "mails", "is_well": True, "since_ms": 5, "memory_bytes": 1 << 20}
    ]
    assert told["groups"] == [{"group": "effects", "service": "effects", "workers": 0, "records": 7}]
    assert told["warnings"] == [
        {"level": "warn", "subject": "group", "what": "effects is behind", "advice": "sightlog run effects"}
    ]
    assert told["versions"] == {"sightlog": "1.2.3"}
    assert told["rebuilds"] == told["letters"] == told["runs"] == []
    assert set(told) - {"as_of_ms"} == set(told["as_of_ms"])  # type: ignore[call-overload]


def test_one_that_is_late_is_told_as_it_was_last_and_asked_once_at_a_time() -> None:
    may_answer, asked = threading.Event(), []

    def slow() -> int:
        asked.append(1)
        if len(asked) > 1:
            assert may_answer.wait(WAIT_S)
        return len(asked)

    asks = Asks({"slow": Ask(slow, fresh_ms=0), "quick": Ask(lambda: "here")})
    assert asks.told(WAIT_S)["slow"].value == 1
    assert asks.told(0.01)["slow"].value == 1
    until(lambda: len(asked) == 2)
    assert [asks.told(0.01)["slow"].value for _ in range(3)] == [1, 1, 1]
    assert len(asked) == 2
    may_answer.set()
    until(lambda: asks.told(0.01)["slow"].value > 1)
    asks.close()


def test_one_that_fails_is_not_known_and_the_others_are_told() -> None:
    def broken() -> None:
        raise ValueError("away")

    asks = Asks({"broken": Ask(broken), "well": Ask(lambda: 1)})
    told = asks.told(WAIT_S)
    assert told["broken"] == NOTHING
    assert told["well"].value == 1
    asks.close()


def test_an_answer_that_is_young_enough_is_told_again() -> None:
    asked = []
    asks = Asks({"dear": Ask(lambda: asked.append(1) or len(asked), fresh_ms=60_000)})
    assert [asks.told(WAIT_S)["dear"].value for _ in range(3)] == [1, 1, 1]
    asks.close()


def test_who_is_no_admin_is_told_nothing_of_the_system(world: World) -> None:
    assert world.ask("GET", "/api/v1/system", token=None).status_code == 401
