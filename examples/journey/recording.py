"""Step 5: the sale is recorded; sound and picture go straight to the S3 server."""

import hashlib

import httpx

from examples.journey.api import Json, patiently
from examples.journey.stage import ADVISER, EXAMPLES, Stage

FILM = EXAMPLES / "recording" / "sale.webm"


def record(stage: Stage, sale_id: str) -> Json:
    adviser = stage.as_(ADVISER)
    recording = adviser.post_once_known("/v1/recordings", {"sale_id": sale_id})
    path = f"/v1/recordings/{recording['recording_id']}"
    segment_id = upload(stage, path)
    for number, node in enumerate(recording["nodes"]):
        adviser.post(
            f"{path}/nodes/{node['node_id']}/marks",
            {
                "segment_id": segment_id,
                "offset_ms": number * 500,
                "answer": "yes" if node["answer_required"] else None,
            },
        )
    sealed = adviser.post(f"{path}/seals")
    stage.tell(
        f"recording sealed: {len(recording['nodes'])} nodes, manifest {sealed['manifest_digest']}, "
        f"locked until {sealed['retain_until']}"
    )
    return sealed


def upload(stage: Stage, path: str) -> str:
    adviser = stage.as_(ADVISER)
    film = FILM.read_bytes()
    segment = adviser.post(
        f"{path}/segments",
        {
            "content_type": "video/webm",
            "byte_size": len(film),
            "sha256": hashlib.sha256(film).hexdigest(),
        },
    )
    size = int(segment["part_size"])
    parts = [
        {
            "number": part["number"],
            "etag": put(part["url"], film[size * number : size * number + size]),
        }
        for number, part in enumerate(segment["parts"])
    ]
    segment_id: str = segment["segment_id"]
    adviser.post(f"{path}/segments/{segment_id}/completions", {"parts": parts})
    stage.tell(f"{len(film):,} bytes in {len(parts)} part(s), straight to the object store")
    return segment_id


def put(url: str, body: bytes) -> str:
    response = patiently(lambda: httpx.put(url, content=body, timeout=60))
    response.raise_for_status()
    return response.headers["ETag"]
