"""The engine's configuration for one box: a memory ceiling, few background threads, no logs, fsync on insert.

Also who may do what. The engine in process has one user, but it does know roles: everything that user may do beyond
reading the public databases comes from the role ``owner``. A handle that has laid that role down is held by the
engine's own access control, as a user with few grants is on a server.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree

_MIB = 1 << 20
# Two cores and one disk: merges must not starve queries, and an idle engine must not hold caches.
_SERVER = {
    "background_pool_size": 2,
    "background_merges_mutations_concurrency_ratio": 2,
    "background_schedule_pool_size": 4,
    "background_schedule_pool_initial_size": 1,
    "max_thread_pool_free_size": 16,
    "mark_cache_size": 64 * _MIB,
    "primary_index_cache_size": 64 * _MIB,
    "index_mark_cache_size": 16 * _MIB,
    "parquet_metadata_cache_size": 16 * _MIB,
    "compiled_expression_cache_size": 16 * _MIB,
    "query_condition_cache_size": 16 * _MIB,
    "text_index_tokens_cache_size": 16 * _MIB,
    "text_index_header_cache_size": 16 * _MIB,
    "text_index_postings_cache_size": 16 * _MIB,
    "iceberg_metadata_files_cache_size": _MIB,
    "vector_similarity_index_cache_size": _MIB,
}
# An acknowledged row is on the disk, not in the page cache. A table may opt out in its own SETTINGS. So is what was
# merged: the parts it was merged from should stay for 8 minutes (old_parts_lifetime), but a restart forgets since when.
_MERGE_TREE = {
    "fsync_after_insert": 1,
    "fsync_part_directory": 1,
    "min_rows_to_fsync_after_merge": 1,
    "min_compressed_bytes_to_fsync_after_merge": 1,
}


def settings(memory_bytes: int) -> dict[str, str]:
    """Settings of every statement: one may take three quarters of the ceiling; times are UTC whatever the machine's."""
    return {"max_memory_usage": str(memory_bytes * 3 // 4), "session_timezone": "UTC", "implicit_select": "0"}


def write(path: Path, memory_bytes: int, public: Iterable[str] = ()) -> None:
    """Write the engine's XML file. ``public``: databases that may be read without the role ``owner``."""
    root = ElementTree.Element("clickhouse")
    _fill(ElementTree.SubElement(root, "logger"), {"level": "none"})
    _fill(root, {"max_server_memory_usage": memory_bytes, **_SERVER})
    _fill(ElementTree.SubElement(root, "merge_tree"), _MERGE_TREE)
    _add_access(root, path, [f"GRANT SELECT ON `{database}`.*" for database in public])
    ElementTree.indent(root)
    path.write_text(ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def _add_access(root: ElementTree.Element, path: Path, own_grants: list[str]) -> None:
    """One user whose own grants are few; this very file is where the engine finds him."""
    directories = ElementTree.SubElement(root, "user_directories")
    _fill(ElementTree.SubElement(directories, "users_xml"), {"path": path})
    user = ElementTree.SubElement(ElementTree.SubElement(root, "users"), "default")
    _fill(user, {"password": "", "profile": "default", "quota": "default"})
    _fill(ElementTree.SubElement(user, "networks"), {"ip": "::/0"})
    _add_grants(user, [*own_grants, "GRANT owner"])
    owner = ElementTree.SubElement(ElementTree.SubElement(root, "roles"), "owner")
    _add_grants(owner, ["GRANT ALL ON *.* WITH GRANT OPTION"])
    for kind in ("profiles", "quotas"):
        _fill(ElementTree.SubElement(root, kind), {"default": ""})


def _add_grants(holder: ElementTree.Element, statements: list[str]) -> None:
    grants = ElementTree.SubElement(holder, "grants")
    for statement in statements:
        ElementTree.SubElement(grants, "query").text = statement


def _fill(parent: ElementTree.Element, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        ElementTree.SubElement(parent, name).text = str(value)
