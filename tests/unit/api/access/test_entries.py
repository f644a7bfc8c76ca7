"""What stands on topic ``access``, folded from its facts."""

from hypothesis import given
from hypothesis import strategies as st

from api.access.entries import Entries
from schemas.access import (
    AccessFact,
    GroupConfigured,
    GroupRemoved,
    SessionEnded,
    SessionOpened,
    TokenIssued,
    TokenRevoked,
    UserConfigured,
    UserRemoved,
)

DIGESTS = ("a" * 64, "b" * 64, "c" * 64)


def token(token_id: int = 1, digest: str = DIGESTS[0], at_ms: int = 1) -> TokenIssued:
    return TokenIssued(token_id=token_id, user="anna", digest=digest, scopes=("live",), observed_ms=at_ms)


def session(session_id: int = 1, digest: str = DIGESTS[1], at_ms: int = 1) -> SessionOpened:
    return SessionOpened(session_id=session_id, user="anna", digest=digest, expires_ms=9, observed_ms=at_ms)


FACTS = st.one_of(
    st.builds(UserConfigured, user=st.sampled_from(["anna", "ben"]), enabled=st.booleans(), observed_ms=st.just(1)),
    st.builds(UserRemoved, user=st.sampled_from(["anna", "ben"]), observed_ms=st.just(1)),
    st.builds(GroupConfigured, group=st.just("yard"), live=st.booleans(), observed_ms=st.just(1)),
    st.builds(GroupRemoved, group=st.just("yard"), observed_ms=st.just(1)),
    st.builds(token, st.integers(1, 2), st.sampled_from(DIGESTS[:1])),
    st.builds(TokenRevoked, token_id=st.integers(1, 2), observed_ms=st.just(1)),
    st.builds(session, st.just(3), st.sampled_from(DIGESTS[1:])),
    st.builds(SessionEnded, session_id=st.just(3), observed_ms=st.just(1)),
)  # fmt: skip


def folded(facts: list[AccessFact]) -> Entries:
    found = Entries()
    for offset, fact in enumerate(facts):
        found.follow(fact, offset)
    return found


def told(found: Entries) -> list[AccessFact]:
    kinds = (UserConfigured, GroupConfigured, TokenIssued, SessionOpened)
    return [fact for kind in kinds for fact in found.every(kind)]


@given(st.lists(FACTS, max_size=12))
def test_the_last_fact_of_an_entry_wins(facts: list[AccessFact]) -> None:
    last = {fact.entry: fact for fact in facts}
    gone = (UserRemoved, GroupRemoved, TokenRevoked, SessionEnded)
    standing = {entry: fact for entry, fact in last.items() if not isinstance(fact, gone)}
    assert {fact.entry: fact for fact in told(folded(facts))} == standing


@given(st.lists(FACTS, max_size=12), st.data())
def test_a_compacted_topic_says_the_same(facts: list[AccessFact], data: st.DataObject) -> None:
    last = {fact.entry: offset for offset, fact in enumerate(facts)}
    found = Entries()
    for offset, fact in enumerate(facts):
        if last[fact.entry] == offset or data.draw(st.booleans()):
            found.follow(fact, offset)
    assert told(found) == told(folded(facts))


@given(st.lists(FACTS, min_size=1, max_size=12), st.data())
def test_what_we_wrote_counts_at_once_and_is_not_undone_by_older_facts(
    facts: list[AccessFact], data: st.DataObject
) -> None:
    """Our own writes are learned at any moment after they stand on the topic, in any order."""
    ours = data.draw(st.lists(st.integers(0, len(facts) - 1), unique=True))
    found, whole = Entries(), folded(facts)
    for offset in ours:
        found.learn(facts[offset], offset)
    for offset, fact in enumerate(facts):
        found.follow(fact, offset)
        for known in data.draw(st.lists(st.sampled_from([*range(offset + 1), *ours]), max_size=2)):
            found.learn(facts[known], known)
    assert told(found) == told(whole)


def test_a_topic_that_is_read_anew_undoes_nothing() -> None:
    facts: list[AccessFact] = [token(), TokenRevoked(token_id=1, observed_ms=2)]
    found = folded(facts)
    found.follow(facts[0], 0)
    assert found.borne(DIGESTS[0]) is None


def test_a_secret_is_known_until_its_entry_is_gone_or_has_another() -> None:
    found = folded([token(), session()])
    assert found.borne(DIGESTS[0]) == token()
    found.follow(session(digest=DIGESTS[2]), 7)
    assert found.borne(DIGESTS[1]) is None
    assert found.borne(DIGESTS[2]) == session(digest=DIGESTS[2])
    found.follow(SessionEnded(session_id=1, observed_ms=3), 8)
    assert found.borne(DIGESTS[2]) is None
    assert found.session(1) is None


def test_rights_are_another_revision_after_users_groups_and_tokens_only() -> None:
    found = folded([session()])
    assert found.rights_rev == 0
    found.follow(UserConfigured(user="anna", observed_ms=1), 5)
    found.follow(TokenRevoked(token_id=1, observed_ms=1), 6)
    assert found.rights_rev == 2
