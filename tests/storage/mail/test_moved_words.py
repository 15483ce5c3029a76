"""An upgrade that moves the words of mails into a table of their own loses none."""

import zlib
from typing import Any

import flask_migrate

from tests.storage.house.test_upgrades import DESPITE, REVISIONS, contents, old_product, use

__all__ = ["old_product"]


def test_what_mails_said_is_found_in_their_bodies_after_the_upgrade(old_product: Any) -> None:
    for revision in REVISIONS[:REVISIONS.index("0030")]:
        flask_migrate.upgrade(revision=revision, x_arg=DESPITE)
        use(revision)
    before = {row["message_id"]: (row["text"], row["html"]) for row in contents()["outbox"]}
    flask_migrate.upgrade(x_arg=DESPITE)
    bodies = {row["digest"]: (row["text"], row["packed"]) for row in contents()["mail_bodies"]}
    for row in contents()["outbox"]:
        text, packed = bodies[row["body_digest"]]
        assert (text, zlib.decompress(packed).decode() if packed else None) == before[row["message_id"]]
    assert len(bodies) == len(set(before.values())) > 0
