"""The route in the whole app, without an engine."""

from tests.unit.api.client import World


def test_the_route_stands_behind_the_token(world: World) -> None:
    assert world.ask("POST", "/api/v1/sql", token=None, content="SELECT 1").status_code == 401


def test_unknown_parameters_are_refused_and_bound_ones_are_not(world: World) -> None:
    reply = world.ask("POST", "/api/v1/sql", content="SELECT 1", params={"readonly": "0", "param_a": "1"})
    assert reply.status_code == 400
    assert [error["field"] for error in reply.json()["errors"]] == ["readonly"]


def test_a_parameter_given_twice_is_refused(world: World) -> None:
    assert world.ask("POST", "/api/v1/sql?param_a=1&param_a=2", content="SELECT 1").status_code == 400


def test_an_engine_that_does_not_answer_is_told_as_such(world: World) -> None:
    reply = world.ask("POST", "/api/v1/sql", content="SELECT 1")
    assert (reply.status_code, reply.json()["type"].rpartition(":")[2]) == (503, "database-unavailable")
    desk = world.app.state.desk
    assert (desk.open, desk.running) == (0, 0)
