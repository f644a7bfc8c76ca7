"""The walls inside the engine: how much one statement may take, and which rows it is shown."""

from collections.abc import Collection, Mapping

from api.sql import allowed
from infra.settings import Settings

TEXT_BYTES = 256 << 10
_ALWAYS = {
    "enable_analyzer": "1",
    "max_threads": "2",
    # A statement is stopped between blocks: small ones, and no function that makes a huge array from a small number.
    "max_block_size": "8192",
    "function_range_max_elements_in_block": "1000000",
    "regexp_max_matches_per_row": "1000",
    "max_query_size": str(2 * TEXT_BYTES),
    "max_ast_elements": "10000",
    "max_expanded_ast_elements": "20000",
    "max_ast_depth": "300",
    "max_subquery_depth": "30",
    "max_parser_depth": "500",
    # No spilling: a statement that does not fit is refused, it does not fill the disk.
    "max_bytes_before_external_group_by": "0",
    "max_bytes_before_external_sort": "0",
    "max_bytes_ratio_before_external_group_by": "0",
    "max_bytes_ratio_before_external_sort": "0",
    "timeout_overflow_mode": "throw",
    "timeout_before_checking_execution_speed": "0",
    "use_query_cache": "0",
    # Row filters come first and stay on their own: no condition of the caller is tried on rows that he may not see.
    "query_plan_merge_filters": "0",
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "1",
    "output_format_json_validate_utf8": "1",
}


def of(settings: Settings, media: Collection[str] | None) -> dict[str, str]:
    """Settings of the engine for one statement; ``media``: the cameras whose rows it is shown, None for all."""
    held = {
        "max_execution_time": f"{settings.sql_seconds:g}",
        "max_memory_usage": str(settings.sql_memory_bytes),
    }
    filters = {} if media is None else {"additional_table_filters": _filters(settings.database, media)}
    return _ALWAYS | held | filters


def _filters(database: str, media: Collection[str]) -> str:
    """One condition per public table. The engine lays it on the table itself, wherever in a statement it stands."""
    names = ", ".join(_quoted(name) for name in sorted(media))
    condition = f"media IN ({names})" if names else "0"
    return _map({f"{database}.{table}": condition for table in sorted(allowed.TABLES)})


def _map(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_quoted(name)}: {_quoted(value)}" for name, value in entries.items()) + "}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
