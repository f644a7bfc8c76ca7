"""From topic ``mails`` to accepted episodes on real servers: spans, pictures, a flood, letters, a worker killed."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest

from infra.clock import now_ms
from infra.settings import Settings
from tests.integration.mailing import Post, mail, service
from tests.integration.recording import wait_for
from tests.unit.processors.episodes.entry import pictures


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers with topics of this test's own; marks are short and time is told often."""
    more = {
        "topic_prefix": f"a{secrets.token_hex(3)}.", "tick_ms": 200, "smtp_ack_s": 0.1, "alarm_before_ms": 500,
        "alarm_after_ms": 1000, "alarm_join_ms": 500,
    }  # fmt: skip
    return stack.model_copy(update=more)


@pytest.fixture
def post(own: Settings) -> Iterator[Post]:
    made = Post(own)
    yield made
    made.close()


def test_mails_become_marks_and_letters_that_can_be_sent_again(own: Settings, post: Post, tmp_path: Path) -> None:
    picture = pictures.jpeg()
    post.camera("gate")
    with service(own, tmp_path, "alarms"), service(own, tmp_path, "episodes"):
        first = mail(1, picture=picture)
        post.send(first, mail(2, to="yard"), mail(3, subject="Disk is full"))
        (episode,) = wait_for(post.ended)
        assert (episode.record.opened_at, episode.record.closed_at) == (
            first.observed_ms - 500, first.observed_ms + 1000,
        )  # fmt: skip
        assert episode.preview_key == f"previews/{sha256(picture).hexdigest()}.jpg"
        assert post.store.get(episode.preview_key) == picture
        assert post.store.get(f"mails/{first.sha256}.eml") == first.raw

        post.send(mail(4, subject="Nothing that anybody waits for"))
        unknown = wait_for(lambda: next((one for one in post.letters() if one.error == "unknown_camera"), None))
        post.camera("yard")
        post.redrive(unknown)
        wait_for(lambda: len(post.ended()) == 2)
        assert {one.media for one in post.ended()} == {"gate", "yard"}
        assert len(unknown.value or b"") < 1000
        assert post.refusals() == []


def test_a_flood_is_one_episode_that_counts_its_mails_though_a_worker_is_killed_in_it(
    own: Settings, post: Post, tmp_path: Path
) -> None:
    calm = own.model_copy(update={"alarm_join_ms": 20_000, "tick_ms": 1000})
    post.camera("gate")
    began_ms = now_ms()
    flood = [mail(number, at_ms=began_ms + number) for number in range(1000)]
    with ExitStack() as running:
        running.enter_context(service(calm, tmp_path, "episodes"))
        victim = running.enter_context(service(calm, tmp_path, "alarms"))
        running.enter_context(service(calm, tmp_path / "other", "alarms"))
        post.send(*flood)
        wait_for(lambda: len(post.alarms()) > 100, 60)
        victim.kill()
        wait_for(lambda: len(ids_of(post)) == 1000, 60)
        (episode,) = wait_for(post.ended, 60)
    assert (episode.record.payload or {})["mails"] == 1000
    assert (episode.record.opened_at, episode.record.closed_at) == (began_ms - 500, began_ms + 999 + 1000)
    assert episode.rev < 40
    assert post.letters() == []
    assert len(post.episodes()) == 1


def ids_of(post: Post) -> set[int]:
    return {alarm.alarm_id for alarm in post.alarms()}
