"""The evidence store on a folder, in memory, and on a real S3 server."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.house.errors import Broken, NotFound
from tracker.gateways.evidence.blobs import BlobStore, memory_blobs, open_blobs

CONTENT = "整改前照片".encode() * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "memory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    if request.param == "memory":
        return memory_blobs()
    if request.param == "folder":
        return open_blobs((tmp_path / "证据 文件").as_uri())
    endpoint = request.getfixturevalue("s3_endpoint")
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    _make_bucket(endpoint)
    return open_blobs(f"s3://evidence/{tmp_path.name}", endpoint)


def _make_bucket(endpoint: str) -> None:
    import boto3

    client: Any = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="evidence")
    client.close()


def test_what_was_put_comes_back_under_its_digest(blobs: BlobStore) -> None:
    assert blobs.put(CONTENT) == DIGEST
    assert blobs.get(DIGEST) == CONTENT
    assert b"".join(blobs.stream(DIGEST)) == CONTENT
    assert blobs.exists(DIGEST)
    blobs.verify(DIGEST)


def test_a_stream_is_put_like_bytes(blobs: BlobStore) -> None:
    assert blobs.put(io.BytesIO(CONTENT)) == DIGEST
    assert blobs.get(DIGEST) == CONTENT


def test_the_same_content_twice_is_one_file(blobs: BlobStore) -> None:
    assert blobs.put(CONTENT) == blobs.put(CONTENT)
    assert list(blobs.digests()) == [DIGEST]


def test_a_file_that_is_not_there_is_not_found(blobs: BlobStore) -> None:
    assert not blobs.exists(DIGEST)
    with pytest.raises(NotFound):
        blobs.get(DIGEST)
    with pytest.raises(NotFound):
        next(blobs.stream(DIGEST))
    with pytest.raises(Broken, match="不见了"):
        blobs.verify(DIGEST)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", DIGEST.upper(), DIGEST + "0"])
def test_only_digests_are_names(blobs: BlobStore, name: str) -> None:
    with pytest.raises(NotFound):
        blobs.get(name)


def test_a_file_changed_behind_our_back_is_broken(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path.as_uri())
    blobs.put(CONTENT)
    (tmp_path / DIGEST[:2] / DIGEST[2:4] / DIGEST).write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(Broken, match="被改动过"):
        blobs.verify(DIGEST)


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    open_blobs((tmp_path / "evidence").as_uri())
    assert (tmp_path / "evidence").stat().st_mode & 0o077 == 0
