"""What a process remembers of cameras."""

import numpy as np
import pytest

from processors.motion.detectors.fold import Known
from processors.motion.detectors.memory import Memory, names
from processors.motion.score import baseline
from schemas.facts import Look, SegmentRecorded
from tests.footage import Shape, record

KNOWN = Known(baseline.begun(np.zeros((180, 320), np.uint8)), Look(at_ms=0, score=0.0), 0.0, 0)


@pytest.fixture(scope="module")
def chain() -> list[SegmentRecorded]:
    return [one.fact for one in record(Shape(seconds=3, segment_ms=1000))]


def test_the_longest_unused_goes_first_when_there_is_no_room():
    memory = Memory(2 * KNOWN.size_bytes)
    memory.keep(b"a", KNOWN, None)
    memory.keep(b"b", KNOWN, None)
    assert memory.of(b"a") is KNOWN
    memory.keep(b"c", KNOWN, None)
    assert (memory.of(b"a"), memory.of(b"b"), memory.of(b"c")) == (KNOWN, None, KNOWN)


def test_what_it_grew_from_is_forgotten():
    memory = Memory(10 * KNOWN.size_bytes)
    memory.keep(b"a", KNOWN, None)
    memory.keep(b"ab", KNOWN, b"a")
    assert memory.of(b"a") is None
    assert memory.of(b"ab") is KNOWN


def test_names_tell_footage_apart_by_all_of_it(chain):
    whole = names(chain, True)
    assert len({*whole, *names(chain[1:], True), *names(chain, False)}) == 3 + 2 + 3
    assert names(chain[:2], True) == whole[:2]
