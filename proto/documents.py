"""Write docs/events.md and proto/asyncapi.json, or with --check say what is out of date."""

import json
import sys
import tomllib
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "contracts")]
warnings.filterwarnings("ignore", "(?s).*Eventlet is deprecated")

from proto import asyncapi, events_page  # noqa: E402
from proto.catalogue import current  # noqa: E402
from proto.listeners import listeners  # noqa: E402


def written() -> dict[Path, str]:
    """By path: what is to be there."""
    catalogue = current()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    described = asyncapi.document(catalogue, project["version"])
    return {
        ROOT / "proto" / "asyncapi.json": json.dumps(described, ensure_ascii=False, indent=2)
        + "\n",
        ROOT / "docs" / "events.md": events_page.page(catalogue, listeners()),
    }


def out_of_date() -> list[Path]:
    return [
        path.relative_to(ROOT)
        for path, text in written().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(check: bool) -> int:
    if check:
        stale = out_of_date()
        for path in stale:
            sys.stderr.write(f"{path} is out of date: run make proto\n")
        return 1 if stale else 0
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
