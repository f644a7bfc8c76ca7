"""A world in miniature for rounds of settling: topics, groups that crash and lag, marks that come late, one asker."""

from random import Random

from processors.retention.entry.settling import Given, Hop, Noted, Offsets, Round, Seen
from processors.retention.entry.stages import FOOTAGE, stages

PARTITIONS = range(3)
LATE_S, REST_S, PATIENCE_S = 4, 5, 12
"""A mark may come so long after its verdict, and that is what settling rests for."""
_TICK = -1
_RANGE = 1 << 20
"""Added to what a protected range came of: on its topic stand locks as well."""
Place = tuple[str, int]
_WAYS = {
    (hop.topic, hop.group): to
    for stage, to in zip(
        stages(0), ("", "episodes", "episode-saves", "episode-changes", "holds", "protections"), strict=False
    )
    for hop in stage.hops
} | {("mails", "processor-alarms-entry"): "alarms", (FOOTAGE, "processor-motion-entry"): "motion"}
"""Topic and group → the topic on which it tells what it makes of it."""


class World:
    """Every record is the number of what it came of: a mail, a segment, a lock, a camera's settings, a restore."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._stages = stages(REST_S)
        names = {hop.topic for stage in self._stages for hop in stage.hops}
        self._topics: dict[Place, list[int]] = {(name, p): [] for name in names for p in PARTITIONS}
        self._hops = [hop for stage in self._stages for hop in stage.hops]
        self._read = {(hop, p): 0 for hop in self._hops for p in PARTITIONS}
        self._committed: dict[tuple[Hop, int], int] = {}
        self._is_working = dict.fromkeys({hop.group for hop in self._hops if hop.group}, True)
        self._slow: set[str] = set()
        self._held: dict[int, list[int]] = {p: [] for p in PARTITIONS}
        """Motion whose mark waits for a tick."""
        self._ticks: list[tuple[float, int]] = []
        self._roots: list[Place] = []
        """By number: its topic, and the partition of its camera."""
        self._known: set[int] = set()
        self._now_s = 0.0
        self._begin()
        often = {self.happen: 3, self.work: 40, self.commit: 20, self.ask: 16, self.pass_time: 4, self.start: 8}
        seldom = {self.crash: 1, self.stop: 1, self.tire: 1}
        self.moves = [move for move, times in (often | seldom).items() for _ in range(times)]

    def happen(self) -> None:
        """Something new."""
        topic = self._chance.choice(("mails", FOOTAGE, "protections", "media", "expirations", "episodes"))
        camera = self._chance.choice(PARTITIONS)
        at = self._chance.choice(PARTITIONS) if topic in ("mails", "episodes") else camera
        self._topics[topic, at].append(len(self._roots))
        self._roots.append((topic, camera))

    def work(self) -> None:
        """A group takes one record, and tells what it makes of it."""
        behind = [at for at, read in self._read.items() if self._moves(at[0]) and read < self._end(*at)]
        if behind:
            hop, partition = self._chance.choice(behind)
            record = self._topics[hop.topic, partition][self._read[hop, partition]]
            self._read[hop, partition] += 1
            self._tell(hop, partition, record)

    def commit(self) -> None:
        """A group commits what it has read of a partition."""
        ahead = [at for at, read in self._read.items() if self._moves(at[0]) and read > self._committed.get(at, 0)]
        if ahead:
            at = self._chance.choice(ahead)
            self._committed[at] = self._read[at]

    def crash(self) -> None:
        """A group begins anew where it has committed."""
        group = self._chance.choice(sorted(self._is_working))
        for hop, partition in self._read:
            if hop.group == group:
                self._read[hop, partition] = self._committed.get((hop, partition), 0)

    def stop(self) -> None:
        """A group is without workers for a while."""
        self.crash()
        group = self._chance.choice(sorted(self._is_working))
        self._is_working[group] = not group

    def tire(self) -> None:
        """Others than before are slow from now on."""
        groups = sorted(self._is_working)
        self._slow = set(self._chance.sample(groups, self._chance.randint(0, 5)))

    def start(self) -> None:
        """One that was is working again."""
        self._is_working[self._chance.choice(sorted(self._is_working))] = True

    def pass_time(self) -> None:
        """Time goes on, and is told where motion waits for it: its reader is in the same process as the teller."""
        self._now_s += self._chance.random() * 3
        for due_s, partition in self._ticks:
            if due_s <= self._now_s:
                self._topics["motion", partition].append(_TICK)
        self._ticks = [tick for tick in self._ticks if tick[0] > self._now_s]

    def ask(self) -> None:
        """The asker asks the one thing that it wants to know now."""
        if topics := self._round.to_note(self._now_s):
            begins: Offsets = dict.fromkeys(PARTITIONS, 0)
            self._round.note({topic: Noted(begins, self._ends(topic)) for topic in topics}, self._now_s)
        elif hops := self._round.to_see():
            self._round.see({hop: self._seen(hop) for hop in hops}, self._now_s)

    def calm(self) -> None:
        """Everything works, nothing happens; until a round begun now is over."""
        self._is_working, self._slow = dict.fromkeys(self._is_working, True), set()
        self._begin()
        while self._round.given is None:
            for _ in range(40):
                self._chance.choice((self.work, self.commit))()
            self.ask()
            self.pass_time()
        self.last, self._last_begun = self._round.given, self._begun

    def take_given(self) -> Given | None:
        """What the round says once it is over; the next one begins."""
        if (given := self._round.given) is not None:
            self.last, self._last_begun = given, self._begun
            self._begin()
        return given

    def require_through(self, given: Given) -> None:
        """All that stood when the round began is known to retention, where the round speaks of its camera."""
        for topic in ("protections", "media", "expirations"):
            for partition in PARTITIONS:
                self._known.update(self._topics[topic, partition][: self._read[Hop(topic, ""), partition]])
        for number, (topic, camera) in enumerate(self._roots[: self._last_begun]):
            if given.segment_ends and given.segment_ends[camera] >= 0:
                is_noted = topic in ("media", "expirations")
                assert number + (0 if is_noted else _RANGE) in self._known, (
                    f"{topic} {number} of camera {camera} is not through"
                )

    def _begin(self) -> None:
        self._round = Round(self._stages, FOOTAGE, PATIENCE_S, self._now_s)
        self._begun = len(self._roots)

    def _seen(self, hop: Hop) -> Seen:
        at = self._committed if hop.group else self._read
        committed = {p: at[hop, p] for p in PARTITIONS if (hop, p) in at}
        return Seen(int(self._works(hop)), committed, self._ends(hop.topic))

    def _moves(self, hop: Hop) -> bool:
        return self._works(hop) and (hop.group not in self._slow or self._chance.random() < 0.04)

    def _works(self, hop: Hop) -> bool:
        return self._is_working.get(hop.group, True)

    def _ends(self, topic: str) -> Offsets:
        return {p: len(self._topics[topic, p]) for p in PARTITIONS}

    def _end(self, hop: Hop, partition: int) -> int:
        return len(self._topics[hop.topic, partition])

    def _tell(self, hop: Hop, partition: int, record: int) -> None:
        """What the group makes of the record, where it would tell it: by camera, or anywhere."""
        if hop.topic == "motion":
            self._mark(partition, record)
            return
        camera = self._roots[record % _RANGE][1]
        to = _WAYS.get((hop.topic, hop.group))
        if hop.topic == FOOTAGE:
            self._ticks.append((self._now_s + LATE_S, camera))
        if to == "episodes":
            camera = self._chance.choice(PARTITIONS)
        if to and record < _RANGE:
            self._topics[to, camera].append(record + (_RANGE if to == "protections" else 0))

    def _mark(self, partition: int, record: int) -> None:
        """Some marks are told at once, others when time is told."""
        waiting = self._held[partition]
        if record != _TICK:
            waiting.append(record)
        if record == _TICK or self._chance.random() < 0.5:
            for one in waiting:
                self._topics["episodes", self._chance.choice(PARTITIONS)].append(one)
            self._held[partition] = []
