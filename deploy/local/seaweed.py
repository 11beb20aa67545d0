"""SeaweedFS of our own: the S3 server for recordings."""

import io
import json
from pathlib import Path
from typing import Any

from deploy.local.program import SERVERS, Program
from deploy.local.say import Problem
from deploy.local.secrets import Secrets, keep
from deploy.local.settings import CHECKOUT, Settings

BUCKET = "liheng-recordings"
PROBE_BUCKET = "liheng-probe"
ADMINISTRATOR = "administrator"
REGION = "us-east-1"
RECORDER = "recording"
# All a recording needs. Deleting, bypassing a retention and changing the bucket are not in it.
RECORDERS_ACTIONS = (
    "s3:PutObject",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
    "s3:PutObjectRetention",
    "s3:GetObjectRetention",
    "s3:PutObjectLegalHold",
    "s3:GetObjectLegalHold",
    "s3:PutObjectTagging",
    "s3:GetObjectTagging",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration",
)


def program(settings: Settings, secrets: Secrets) -> Program:
    return Program(
        name="s3",
        group=SERVERS,
        command=command(settings),
        environ={"WEED_S3_SSE_KEY": secrets.key("s3-encryption"), "GOMEMLIMIT": "400MiB"},
        configuration=configuration(secrets),
        ports=("s3", "s3_master", "s3_volume", "s3_filer", "s3_admin"),
    )


def folder(settings: Settings) -> Path:
    return settings.home / "s3"


def command(settings: Settings) -> tuple[str, ...]:
    ports, home = settings.ports, folder(settings)
    return (
        str(CHECKOUT / ".venv/bin/weed"),
        f"-logdir={home / 'log'}",
        "mini",
        f"-dir={home / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-master.port={ports['s3_master']}",
        f"-volume.port={ports['s3_volume']}",
        f"-filer.port={ports['s3_filer']}",
        f"-s3.port={ports['s3']}",
        f"-admin.port={ports['s3_admin']}",
        f"-filer.localSocket={settings.sockets / 'filer.sock'}",
        f"-s3.localSocket={settings.sockets / 's3.sock'}",
        f"-s3.config={home / 's3.json'}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=1024",
        "-disableHttp",  # its filer's own pages delete what is locked
    )


def prepare(settings: Settings, secrets: Secrets) -> None:
    home = folder(settings)
    for part in ("data", "log"):
        (home / part).mkdir(parents=True, exist_ok=True)
    keep(home / "s3.json", configuration(secrets))


def configuration(secrets: Secrets) -> str:
    """Who may do what, in SeaweedFS's words."""
    administrator = identity(secrets, ADMINISTRATOR, actions=["Admin"])
    recorder = identity(secrets, RECORDER, policyNames=[RECORDER])
    policy = {"name": RECORDER, "content": json.dumps(recorders_policy())}
    access = {"identities": [administrator, recorder], "policies": [policy]}
    return json.dumps(access, indent=2)


def identity(secrets: Secrets, name: str, **rights: list[str]) -> dict[str, Any]:
    credentials = {"accessKey": name, "secretKey": secrets.password(f"s3-{name}")}
    return {"name": name, "credentials": [credentials], **rights}


def recorders_policy() -> dict[str, Any]:
    allow = {
        "Effect": "Allow",
        "Action": list(RECORDERS_ACTIONS),
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
    }
    return {"Version": "2012-10-17", "Statement": [allow]}


def client(settings: Settings, secrets: Secrets) -> Any:
    """As administrator."""
    import urllib3
    from minio import Minio

    return Minio(
        settings.address("s3"),
        ADMINISTRATOR,
        secrets.password(f"s3-{ADMINISTRATOR}"),
        secure=False,
        region=REGION,
        http_client=urllib3.PoolManager(timeout=20, retries=False),
    )


def ready(settings: Settings, secrets: Secrets) -> bool:
    """Only a real put tells: it listens long before it can keep anything."""
    import urllib3
    from minio.error import MinioException

    store = client(settings, secrets)
    try:
        if not store.bucket_exists(PROBE_BUCKET):
            store.make_bucket(PROBE_BUCKET)
        store.put_object(PROBE_BUCKET, "probe", io.BytesIO(b"ready"), 5)
    except (MinioException, urllib3.exceptions.HTTPError):
        return False
    return True


def provision(settings: Settings, secrets: Secrets) -> None:
    """The recordings' bucket, where locked objects cannot be deleted."""
    store = client(settings, secrets)
    if not store.bucket_exists(BUCKET):
        store.make_bucket(BUCKET, object_lock=True)
    if store.get_bucket_versioning(BUCKET).status != "Enabled":
        raise Problem(f"the bucket {BUCKET} lost its versioning; `make clean` makes a new one")
