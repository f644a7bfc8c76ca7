"""How decisions to delete look in answers."""

from typing import Any

import msgspec

from projections.expirations.reads import StoredExpiration


def expiration(one: StoredExpiration) -> dict[str, Any]:
    """One decision, its id as text; what did not happen is null."""
    told = msgspec.structs.asdict(one)
    return told | {"expiration_id": str(one.expiration_id), "restored_by": one.restored_by or None}
