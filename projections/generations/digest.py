"""What a generation's tables say, as one number per table: equal for equal rows in any order and any parts."""

from msgspec import Struct

from infra.clickhouse import Database
from projections.spec import PROVENANCE, Projection

_COLUMNS = """SELECT name FROM system.columns WHERE database = {db:String} AND table = {table:String}
  AND default_kind != 'EPHEMERAL' ORDER BY position"""


class TableDigest(Struct, frozen=True, kw_only=True):
    """One table of one generation, read FINAL, without the columns that only say where rows came from."""

    table: str
    rows: int
    hash_: int
    """Sum, modulo 2^64, of a hash of each row: rows may come in any order, and a row twice does not cancel itself."""
    columns: dict[str, int]
    """The same for each column on its own: says where two generations differ."""


def digests(database: Database, projection: Projection, db: str) -> list[TableDigest]:
    """One digest per table of a projection, in database ``db``. Reads every row once."""
    return [_digest(database, db, table) for table in (*projection.tables.values(), *projection.derived)]


def differences(old: list[TableDigest], new: list[TableDigest]) -> list[str]:
    """One line per table that differs: counts, and the columns whose content is not the same. Empty: they are equal."""
    before = {digest.table: digest for digest in old}
    return [
        f"{now.table}: {before[now.table].rows} rows before, {now.rows} now; {_where(before[now.table], now)}"
        for now in new
        if (now.rows, now.hash_, now.columns.keys()) != _essence(before[now.table])
    ]


def _essence(digest: TableDigest) -> tuple[object, ...]:
    return digest.rows, digest.hash_, digest.columns.keys()


def _where(old: TableDigest, new: TableDigest) -> str:
    names = [name for name in new.columns | old.columns if new.columns.get(name) != old.columns.get(name)]
    return "differs in " + (", ".join(names) or "which values stand together")


def _digest(database: Database, db: str, table: str) -> TableDigest:
    found = [row["name"] for row in database.rows(_COLUMNS, {"db": db, "table": table})]
    names = [name for name in found if name not in PROVENANCE]
    each = ", ".join(f"sum(cityHash64(tuple({name}))) AS `c.{name}`" for name in names)
    sql = f"SELECT count() AS rows, sum(cityHash64(tuple({', '.join(names)}))) AS hash_, {each} FROM {db}.{table} FINAL"
    row = database.rows(sql)[0]
    columns = {name: row[f"c.{name}"] for name in names}
    return TableDigest(table=table, rows=row["rows"], hash_=row["hash_"], columns=columns)
