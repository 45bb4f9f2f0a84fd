"""The digest over a snapshot."""

import hashlib
import json
from datetime import UTC

from .models import Snapshot


def seal_of(snapshot: Snapshot) -> str:
    """Return the SHA-256 over what a snapshot holds, 64 hexadecimal digits; the order of keys does not count."""
    content = [
        snapshot.region_code,
        snapshot.person_id,
        snapshot.policy_id,
        snapshot.on.isoformat(),
        snapshot.known_at.astimezone(UTC).isoformat(timespec="microseconds"),
        snapshot.facts,
        snapshot.stated,
        snapshot.result,
        snapshot.edition,
        snapshot.engine_version,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
