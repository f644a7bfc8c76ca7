"""What a projection is, as data: which topics it reads, which tables it fills, how a fact becomes rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from msgspec import Struct

PROVENANCE = frozenset({"src_partition", "src_offset", "rev"})
"""Columns that say where a row came from, not what it says; a digest leaves them out."""
_HERE = Path(__file__).parent


class MakeRows(Protocol):
    """Fact → rows. Pure and total: the rows, or BadFact with the reason."""

    def __call__(self, fact: object, partition: int, offset: int) -> Sequence[Struct]:
        """Rows whose types are keys of ``Projection.tables``; empty when the fact is none of its business."""


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One rebuildable set of tables with one writer. Its folder is ``projections/<name>/``."""

    name: str
    topics: tuple[str, ...]
    tables: Mapping[type[Struct], str]
    """Row type → table; the fields of the type are the columns, in order."""
    rows: MakeRows
    derived: tuple[str, ...] = ()
    """Tables that the engine fills from those, by materialised views of table.sql. A rebuild compares them as well."""
    views: tuple[str, ...]
    """Public names, swapped one by one when a generation goes live."""
    told: str = "observed_ms"
    """The field of its facts that holds event time, for the watermark."""
    keyed: bool = True
    """True: a record whose key is not its fact's own is a stranger's mistake and becomes a letter."""

    @property
    def consumer(self) -> str:
        """Its name on dead letters; the same for every generation."""
        return f"projection-{self.name}"

    def group(self, generation: int) -> str:
        """Its Kafka consumer group, without the topic prefix."""
        return f"{self.consumer}-v{generation}"

    def table_statements(self, db: str) -> list[str]:
        """DDL of the physical tables in database ``db``; safe to repeat."""
        return _statements(self._read("table.sql"), db=db)

    def view_statements(self, db: str, public: str) -> list[str]:
        """DDL that points the public names in database ``public`` at ``db``; each statement is atomic."""
        return _statements(self._read("view.sql"), db=db, public=public)

    def shape(self) -> str:
        """A hash of the table DDL: a generation made from another shape wants a rebuild."""
        return blake2b(self._read("table.sql").encode(), digest_size=8).hexdigest()

    def _read(self, file: str) -> str:
        return (_HERE / self.name / file).read_text(encoding="utf-8")


def columns(row: type[Struct]) -> tuple[str, ...]:
    """The columns that a row type fills, in order."""
    return row.__struct_fields__


def _statements(sql: str, **names: str) -> list[str]:
    """The statements of a file, placeholders filled in; comments stay out."""
    code = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    for name, value in names.items():
        code = code.replace("{" + name + "}", value)
    return [statement.strip() for statement in code.split(";\n") if statement.strip(" \n;")]
