"""The groups that settling watches are those that do the work."""

from infra.settings import Settings
from processors.alarms import agent as alarms
from processors.alarms.entry import reader as alarms_entry
from processors.episodes import agent as episodes
from processors.episodes.entry import reader as episodes_entry
from processors.episodes.entry import run as episodes_run
from processors.motion import agent as motion
from processors.motion.entry import run as motion_entry
from processors.protection import agent as protection
from processors.protection.entry import reader as protection_entry
from processors.retention.entry.stages import FOOTAGE, stages
from schemas import topics


def test_each_topic_is_watched_through_the_group_that_reads_it() -> None:
    settings = Settings()
    watched = {(hop.topic, hop.group, hop.workers) for stage in stages(0) for hop in stage.hops}
    assert {
        ("mails", alarms_entry.GROUP, ""),
        ("alarms", alarms.processor(settings).consumer, ""),
        (FOOTAGE, motion_entry.GROUP, ""),
        ("motion", motion.processor(settings).consumer, ""),
        ("episodes", episodes_entry.GROUP, episodes_run.SEAT_GROUP),
        ("episode-saves", episodes.processor(settings).consumer, ""),
        ("episode-changes", protection_entry.GROUP, ""),
        ("protections", protection_entry.GROUP, ""),
        ("media", protection_entry.GROUP, ""),
        ("holds", protection.processor(settings).consumer, ""),
        ("protections", "", ""),
        ("media", "", ""),
        ("expirations", "", ""),
    } == watched


def test_what_a_stage_reads_is_what_the_stage_before_it_writes() -> None:
    order = [{hop.topic for hop in stage.hops} for stage in stages(0)]
    assert order == [
        {"mails", "segments"}, {"alarms", "motion"}, {"episodes"}, {"episode-saves"},
        {"episode-changes", "protections", "media"}, {"holds"}, {"protections", "media", "expirations"},
    ]  # fmt: skip


def test_a_topic_that_is_not_keyed_by_camera_holds_up_all_of_them() -> None:
    common = {hop.topic for stage in stages(0) for hop in stage.hops if hop.is_common}
    own = {hop.topic for stage in stages(0) for hop in stage.hops} - common
    assert common == {"mails", "episodes"}
    assert all(topics.BY_NAME[name].partitioned for name in own)


def test_marks_that_come_late_are_waited_for_once_footage_is_judged() -> None:
    assert [stage.rest_s for stage in stages(60)] == [60, 0, 0, 0, 0, 0, 0]
