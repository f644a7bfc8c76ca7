"""What facts let somebody do."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import rights
from api.access.entries import Entries
from api.access.scope import EVERYTHING, RIGHTS, Grant, Scope
from schemas.access import (
    GroupConfigured,
    GroupRemoved,
    SessionOpened,
    ShareIssued,
    TokenIssued,
    TokenRevoked,
    UserConfigured,
    UserRemoved,
)
from schemas.intervals import Span

DAY_MS = 86_400_000
CAMERAS = {("hall",): ("hall-1", "hall-2"), ("hall", "yard"): ("gate",), ("yard",): ("yard-1",)}
GUARDS = GroupConfigured(group="hall", archive_depth_ms=DAY_MS, observed_ms=1)
POLICE = GroupConfigured(group="yard", live=False, archive_depth_ms=30 * DAY_MS, export=True, observed_ms=1)
DIGEST = "d" * 64
NOW_MS = 1_000


def group(name: str = "hall", **more: Any) -> GroupConfigured:
    return GroupConfigured(group=name, observed_ms=1, **more)


def granted(*groups: GroupConfigured) -> dict[str, Grant]:
    return rights.grants_of({one.group: one for one in groups}, CAMERAS)


def token(**more: Any) -> TokenIssued:
    return TokenIssued(**{"token_id": 5, "user": "anna", "digest": DIGEST, "scopes": RIGHTS, "observed_ms": 1} | more)


def session(**more: Any) -> SessionOpened:
    told = {"session_id": 7, "user": "anna", "digest": DIGEST, "expires_ms": 2_000, "observed_ms": 500}
    return SessionOpened(**told | more)


def share(**more: Any) -> ShareIssued:
    told = {"share_id": 9, "user": "anna", "digest": DIGEST, "media": "gate", "from_ms": 10, "to_ms": 20}
    return ShareIssued(**told | {"expires_ms": 2_000, "observed_ms": 1} | more)


def entries(*facts: Any) -> Entries:
    found = Entries()
    for offset, fact in enumerate(facts):
        found.follow(fact, offset)
    return found


def asked(found: Entries) -> rights.GrantsOf:
    def grants(names: tuple[str, ...]) -> Mapping[str, Grant]:
        known = {name: one for name in names if (one := found.group(name))}
        return rights.grants_of(known, CAMERAS)

    return grants


ANNA = UserConfigured(user="anna", groups=("hall",), observed_ms=1)


def test_members_of_one_group_see_its_cameras_and_no_others() -> None:
    assert set(granted(GUARDS)) == {"hall-1", "hall-2", "gate"}


def test_a_camera_of_two_groups_gives_the_union_and_the_deeper_archive() -> None:
    found = granted(GUARDS, POLICE)
    assert found["gate"] == Grant(frozenset({"live", "archive", "export"}), 30 * DAY_MS)
    assert found["hall-1"] == Grant(frozenset({"live", "archive"}), DAY_MS)
    assert found["yard-1"] == Grant(frozenset({"archive", "export"}), 30 * DAY_MS)


@pytest.mark.parametrize(
    ("one", "other", "depth_ms"),
    [
        (group(archive_depth_ms=5), group("yard", archive_depth_ms=None), None),
        (group(archive_depth_ms=5), group("yard", archive_depth_ms=7), 7),
        (group(archive_depth_ms=5), group("yard", archive=False, archive_depth_ms=7), 5),
        (group(archive_depth_ms=5), group("yard", archive=False, archive_depth_ms=None), 5),
        (group(archive_depth_ms=0), group("yard", archive=False), 0),
    ],
    ids=["all of it is deepest", "deeper", "no archive, no depth", "no archive, not all of it", "nothing"],
)
def test_only_groups_with_the_archive_say_how_deep(one: Any, other: Any, depth_ms: int | None) -> None:
    assert granted(one, other)["gate"].depth_ms == depth_ms


def test_a_group_without_rights_lets_its_cameras_be_known_of() -> None:
    found = granted(group(live=False, archive=False))
    assert found["gate"] == Grant(frozenset())


def test_an_admin_needs_no_groups_and_one_who_does_not_watch_sees_no_pictures() -> None:
    found = entries()
    boss = rights.user_scope(UserConfigured(user="boss", admin=True, observed_ms=1), "session", asked(found))
    barred = rights.user_scope(
        UserConfigured(user="boss", admin=True, watches=False, groups=("hall",), observed_ms=1), "session", asked(found)
    )
    assert boss.admin
    assert boss.grant("anything") == EVERYTHING
    assert barred.admin
    assert barred.sees("gate")
    assert barred.grant("gate").rights == {"protect", "configure"}


@pytest.mark.parametrize(
    ("facts", "works"),
    [
        ([ANNA], True),
        ([], False),
        ([ANNA, UserRemoved(user="anna", observed_ms=2)], False),
        ([UserConfigured(user="anna", enabled=False, observed_ms=1)], False),
        ([UserConfigured(user="anna", password_changed_ms=501, observed_ms=1)], False),
        ([UserConfigured(user="anna", password_changed_ms=500, observed_ms=1)], True),
    ],
    ids=["there", "never there", "removed", "disabled", "another password since", "opened with that password"],
)
def test_a_session_lasts_as_long_as_its_user_and_password(facts: list[Any], works: bool) -> None:
    found = entries(*facts)
    assert bool(rights.session_scope(found, session(), NOW_MS, asked(found))) == works


@pytest.mark.parametrize(("now_ms", "works"), [(1_999, True), (2_000, False)])
def test_what_expires_has_expired_at_that_moment(now_ms: int, works: bool) -> None:
    found = entries(ANNA, group())
    assert bool(rights.session_scope(found, session(), now_ms, asked(found))) == works
    assert bool(rights.token_scope(found, token(expires_ms=2_000), now_ms, asked(found))) == works


def test_a_session_of_the_admin_token_may_everything() -> None:
    scope = rights.session_scope(entries(), session(user=""), NOW_MS, asked(entries()))
    assert scope == Scope(via="session", session_id=7, expires_ms=2_000)


@pytest.mark.parametrize(
    ("facts", "works"),
    [
        ([ANNA, token(scopes=("live",))], True),
        ([ANNA, token(), TokenRevoked(token_id=5, observed_ms=2)], False),
        ([ANNA, token(expires_ms=900)], False),
        ([ANNA, token(user="ben")], False),
        ([ANNA], False),
    ],
    ids=["there", "revoked", "expired", "somebody else's", "never issued"],
)
def test_a_session_that_a_token_opened_ends_with_it(facts: list[Any], works: bool) -> None:
    found = entries(group(), *facts)
    scope = rights.session_scope(found, session(token_id=5), NOW_MS, asked(found))
    assert (scope is not None) == works
    if scope:
        assert scope.grant("gate").rights == {"live"}
        assert (scope.via, scope.token_id, scope.session_id) == ("session", 5, 7)


def test_a_token_may_what_its_user_may_and_what_stands_in_it() -> None:
    found = entries(ANNA, GUARDS, POLICE)
    scope = rights.token_scope(found, token(scopes=("archive", "export"), media=("gate", "yard-1")), 1, asked(found))
    assert scope
    assert scope.media == {"gate"}
    assert scope.grant("gate") == Grant(frozenset({"archive"}), DAY_MS)
    assert scope.who == "anna token-5"
    assert not scope.admin


@pytest.mark.parametrize(
    ("scopes", "media", "is_admin", "seen"),
    [
        (("admin",), None, True, frozenset()),
        (("live", "admin"), None, True, frozenset({"live"})),
        (("live", "admin"), ("gate",), False, frozenset({"live"})),
        (("live",), None, False, frozenset({"live"})),
    ],
)
def test_a_token_of_an_admin_is_no_more_than_its_scopes(
    scopes: Any, media: Any, is_admin: bool, seen: frozenset[str]
) -> None:
    found = entries(UserConfigured(user="anna", admin=True, observed_ms=1))
    scope = rights.token_scope(found, token(scopes=scopes, media=media), 1, asked(found))
    assert scope
    assert scope.admin == is_admin
    assert scope.grant("gate").rights == seen
    assert scope.sees("yard-1") == (media is None)


def test_a_link_shows_one_stretch_of_one_camera_as_its_maker_may() -> None:
    found = entries(ANNA, GUARDS, group("hall", export=True, archive_depth_ms=5))
    maker = rights.maker_scope(found, share(export=True), NOW_MS, asked(found))
    assert maker
    scope = rights.share_scope(share(export=True), maker)
    assert scope.media == {"gate"}
    assert scope.grant("gate") == Grant(frozenset({"archive", "export"}), 5)
    assert scope.window == Span(10, 20)
    assert (scope.who, scope.user, scope.admin, scope.via) == ("anna share-9", "", False, "share")
    assert rights.share_scope(share(), maker).grant("gate").rights == {"archive"}


def test_a_link_shows_nothing_once_its_maker_may_not() -> None:
    found = entries(ANNA, GUARDS, GroupRemoved(group="hall", observed_ms=2))
    maker = rights.maker_scope(found, share(), NOW_MS, asked(found))
    assert maker
    assert rights.share_scope(share(), maker).media == frozenset()
    assert rights.maker_scope(entries(), share(), NOW_MS, asked(found)) is None
    assert rights.maker_scope(entries(), share(user=""), NOW_MS, asked(found)) == Scope()


@pytest.mark.parametrize(
    ("facts", "rights_left"),
    [
        ([token(scopes=("archive",))], {"archive"}),
        ([token(scopes=("archive", "export"), media=("gate",))], {"archive", "export"}),
        ([token(scopes=("live", "export"))], None),
        ([token(media=("hall-1",))], None),
        ([token(), TokenRevoked(token_id=5, observed_ms=2)], None),
        ([token(expires_ms=900)], None),
        ([token(user="ben")], None),
        ([], None),
    ],
    ids=["less", "enough", "no archive", "another camera", "revoked", "expired", "somebody else's", "never issued"],
)
def test_a_link_that_a_token_made_shows_no_more_than_the_token_may_and_ends_with_it(
    facts: list[Any], rights_left: Collection[str] | None
) -> None:
    found = entries(ANNA, group(export=True), *facts)
    made = share(export=True, token_id=5)
    maker = rights.maker_scope(found, made, NOW_MS, asked(found))
    scope = maker and rights.share_scope(made, maker)
    assert (scope.grant("gate").rights if scope and scope.media else None) == rights_left


def test_a_token_ends_with_every_token_that_it_came_from() -> None:
    first, child = token(), token(token_id=6, parent_id=5)
    grandchild = token(token_id=7, parent_id=6)
    found = entries(ANNA, group(), first, child, grandchild)
    assert all(rights.token_scope(found, one, NOW_MS, asked(found)) for one in (first, child, grandchild))
    found.follow(TokenRevoked(token_id=5, observed_ms=2), 9)
    assert not any(rights.token_scope(found, one, NOW_MS, asked(found)) for one in (child, grandchild))
    among = entries(ANNA, group(), token(parent_id=6), child)
    assert rights.token_scope(among, child, NOW_MS, asked(among)) is None


def test_what_somebody_may_is_known_to_end_when_what_they_showed_does() -> None:
    found = entries(ANNA, group(), token(expires_ms=1_500))
    made = share(token_id=5)
    maker = rights.maker_scope(found, made, NOW_MS, asked(found))
    assert maker
    told = [
        rights.session_scope(found, session(), NOW_MS, asked(found)),
        rights.session_scope(found, session(token_id=5), NOW_MS, asked(found)),
        rights.token_scope(found, token(), NOW_MS, asked(found)),
        rights.share_scope(made, maker), rights.share_scope(share(expires_ms=1_400), maker),
        rights.share_scope(share(), Scope()),
    ]  # fmt: skip
    assert [one and one.expires_ms for one in told] == [2_000, 1_500, None, 1_500, 1_400, 2_000]


GROUPS = st.sets(st.sampled_from(["hall", "yard", "roof"]), max_size=3).map(lambda names: tuple(sorted(names)))
FACTS = st.lists(
    st.one_of(
        st.builds(
            GroupConfigured, group=st.sampled_from(["hall", "yard", "roof"]), live=st.booleans(), archive=st.booleans(),
            export=st.booleans(), protect=st.booleans(), configure=st.booleans(),
            archive_depth_ms=st.none() | st.integers(0, 9), observed_ms=st.just(1),
        ),
        st.builds(GroupRemoved, group=st.sampled_from(["hall", "yard"]), observed_ms=st.just(1)),
        st.builds(UserConfigured, user=st.just("anna"), groups=GROUPS, enabled=st.booleans(), observed_ms=st.just(1)),
        st.builds(UserRemoved, user=st.just("anna"), observed_ms=st.just(1)),
    ),
    max_size=10,
)  # fmt: skip


@given(
    FACTS, st.sets(st.sampled_from([*RIGHTS, "admin"]), min_size=1), st.none() | st.sets(st.sampled_from(["gate", "x"]))
)
def test_no_facts_let_anybody_act_beyond_the_groups_that_they_share_with_a_camera(
    facts: list[Any], scopes: Collection[str], media: Collection[str] | None
) -> None:
    found = entries(*facts)
    user = found.user("anna")
    issued = token(scopes=tuple(scopes), media=None if media is None else tuple(media))
    scope = rights.token_scope(found, issued, NOW_MS, asked(found))
    if user is None or not user.enabled:
        assert scope is None
        return
    assert scope
    assert not scope.admin
    for names, cameras in CAMERAS.items():
        shared = [one for name in names if name in user.groups and (one := found.group(name))]
        for camera in cameras:
            is_listed = media is None or camera in media
            assert scope.sees(camera) == (bool(shared) and is_listed)
            for right in RIGHTS:
                may = any(getattr(one, right) for one in shared) and is_listed and right in scopes
                assert scope.may(right, camera) == may
            depths = [one.archive_depth_ms for one in shared if one.archive]
            if scope.may("archive", camera):
                assert scope.grant(camera).depth_ms == (
                    None if None in depths else max(d for d in depths if d is not None)
                )
