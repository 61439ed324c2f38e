"""JSON with its letters as they are, from one encoder made once: every answer passes through it."""

from __future__ import annotations

import json

dump = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""The JSON text of a value."""
