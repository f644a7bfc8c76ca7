"""Users, sessions and tokens on a real broker: what one process of the API is told, the others know."""

import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra import clock
from infra.kafka import Follower, KafkaLog, ensure_topics
from infra.settings import Settings
from schemas.facts import MediaConfigured
from tests.fakes import FakeStore
from tests.integration.recording import wait_for
from tests.integration.served import TOKEN, served
from tests.memory_archive import MemoryArchive
from tests.people import PASSWORD

SEEN_S = 2.0
"""Within which every process knows."""
TRIES = 6
"""So often is it tried whether that holds: a machine that runs other tests beside may hold up any one of them."""
CSV = "user,title,groups,password\nanna,Anna,yard,{0}\nben,Ben,yard|hall,{0}\n"


@pytest.fixture(scope="module")
def settings(stack: Settings) -> Settings:
    own = stack.model_copy(update={"topic_prefix": f"u{secrets.token_hex(3)}."})
    ensure_topics(own)
    return own


@pytest.fixture(scope="module")
def log(settings: Settings) -> Iterator[KafkaLog]:
    found = KafkaLog(settings, "test")
    yield found
    found.close()


@contextmanager
def process(settings: Settings, log: KafkaLog) -> Iterator[httpx.Client]:
    """One process of the API, as far as the log can tell, which has read its topics."""
    with served(
        settings, FakeStore(), MemoryArchive(), log, lambda: Follower(settings, "media"),
        follow_access=lambda: Follower(settings, "access"),
    ) as api:  # fmt: skip
        wait_for(lambda: api.get("users").status_code == 200, 60)
        yield api


@pytest.fixture(scope="module")
def one(settings: Settings, log: KafkaLog) -> Iterator[httpx.Client]:
    with process(settings, log) as api:
        for group in ("yard", "hall"):
            api.put(f"groups/{group}", json={"title": group}).raise_for_status()
        yield api


@pytest.fixture(scope="module")
def other(settings: Settings, log: KafkaLog, one: httpx.Client) -> Iterator[httpx.Client]:
    with process(settings, log) as api:
        yield api


@pytest.fixture(scope="module")
def people(one: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of users, sent as the guide says; the folder that it is in."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "users.csv").write_text(CSV.format(PASSWORD))
    done = subprocess.run(
        [
            "curl", "-sS", "--fail-with-body", "-H", f"Authorization: Bearer {TOKEN}", "-H", "Content-Type: text/csv",
            "--data-binary", f"@{folder}/users.csv", f"{one.base_url}users/import",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, '{"created":2,"updated":0}'), done.stdout + done.stderr
    return folder


@contextmanager
def browser(api: httpx.Client) -> Iterator[httpx.Client]:
    """Somebody with a cookie jar and no token."""
    with httpx.Client(base_url=api.base_url, timeout=30) as found:
        yield found


def entered(client: httpx.Client, login: str = "anna") -> httpx.Response:
    return client.post("sessions", json={"login": login, "password": PASSWORD})


def seconds_until(condition: Callable[[], bool]) -> float:
    """How long until something is so."""
    begun_s = clock.monotonic_s()
    wait_for(condition, 20)
    return clock.monotonic_s() - begun_s


def status(client: httpx.Client, **headers: str) -> int:
    """That of ``GET /me``."""
    return client.get("me", headers=headers).status_code


def quickest(seconds: Callable[[], float]) -> float:
    """The first of some tries that was quick enough, else the quickest of all."""
    tried: list[float] = []
    while len(tried) < TRIES and min(tried, default=SEEN_S) >= SEEN_S:
        tried.append(seconds())
    return min(tried)


def test_users_of_a_file_that_curl_sent_sign_in_at_another_process(people: Path, other: httpx.Client) -> None:
    with browser(other) as anna:
        answer = wait_for(lambda: (found := entered(anna)).status_code == 201 and found)
        assert answer.json()["groups"] == ["yard"]
        flags = answer.headers["set-cookie"].lower()
        assert all(flag in flags for flag in ("httponly", "samesite=strict", "path=/"))
        assert anna.get("me").json()["user"] == "anna"


def test_a_session_lives_on_when_the_process_that_opened_it_is_gone(
    people: Path, settings: Settings, log: KafkaLog
) -> None:
    with process(settings, log) as first, browser(first) as anna:
        wait_for(lambda: entered(anna).status_code == 201)
        cookies = dict(anna.cookies)
    with process(settings, log) as again, httpx.Client(base_url=again.base_url, cookies=cookies, timeout=30) as anna:
        assert anna.get("me").json()["user"] == "anna"
        assert anna.put("me", json={"language": "pl"}, headers={"Origin": "http://evil.example"}).status_code == 403
        assert anna.put("me", json={"language": "pl"}).status_code == 200


def test_what_is_revoked_at_one_process_no_longer_works_at_the_other(
    people: Path, one: httpx.Client, other: httpx.Client
) -> None:
    def seen_s() -> float:
        issued = one.post("tokens", json={"user": "ben", "scopes": ["live"]}).json()
        told = {"Authorization": f"Bearer {issued['token']}"}
        assert status(one, **told) == 200, "our own writes count at once"
        known_s = seconds_until(lambda: status(other, **told) == 200)
        one.delete(f"tokens/{issued['token_id']}").raise_for_status()
        assert status(one, **told) == 401, "our own writes count at once"
        return max(known_s, seconds_until(lambda: status(other, **told) == 401))

    assert quickest(seen_s) < SEEN_S


def test_a_user_who_is_disabled_at_one_process_is_out_at_the_other(
    people: Path, one: httpx.Client, other: httpx.Client
) -> None:
    with browser(other) as ben:

        def seen_s() -> float:
            one.put("users/ben", json={"enabled": True}).raise_for_status()
            wait_for(lambda: entered(ben, "ben").status_code == 201)
            one.put("users/ben", json={"enabled": False}).raise_for_status()
            return seconds_until(lambda: status(ben) == 401)

        assert quickest(seen_s) < SEEN_S
        assert entered(ben, "ben").status_code == 401


def test_rights_change_with_the_groups_of_a_camera(people: Path, log: KafkaLog, other: httpx.Client) -> None:
    with browser(other) as anna:
        wait_for(lambda: entered(anna).status_code == 201)
        assert anna.get("me").json()["may"]["live"] is False

        def seen_s(group: str, may: bool) -> float:
            log.append(MediaConfigured(media="gate", observed_ms=clock.now_ms(), groups=(group,))).result(60)
            return seconds_until(lambda: anna.get("me").json()["may"]["live"] is may)

        assert quickest(lambda: max(seen_s("yard", True), seen_s("hall", False))) < SEEN_S
