"""What people wrote, apart from the facts that tell of it: a fact has the commitment of each text, and the text can be erased."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from tracker.domain.house.say import Say

WORDS = "words"  # under which a fact names the commitments of its texts
SEVERAL = ".json"  # ends the name of a text that holds several, by name, as JSON
REPLACED = "replaced"  # under which a later fact of a stream has texts that stand for erased ones, by number and name
ERASED = Say("（已依法删除）")
Texts = Mapping[str, str | None]  # by name, None where it was erased


def commitment(salt: bytes, text: str) -> str:
    """What a fact says of a text: nobody learns the text from it, and no other one fits."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def told_apart(names: Iterable[str], payload: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """What a fact says itself, and of its details with these names the texts, which lie apart. Of several together the names
    stay; a message is ours and stays too."""
    body, texts = dict(payload), dict[str, str]()
    for name in names:
        said = body.get(name)
        if isinstance(said, Mapping) and said:
            texts[name + SEVERAL] = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            body[name] = {key: {} if isinstance(each, Mapping) else "" for key, each in said.items()}
        elif isinstance(said, str) and said and not isinstance(said, Say):
            texts[name] = str(body.pop(name))
    return body, texts


def told_with(body: dict[str, object], texts: Texts | None) -> dict[str, object]:
    """The body of a fact with its texts where they stood before; an erased one says that it is."""
    for name, text in (texts or {}).items():
        whole = name.removesuffix(SEVERAL)
        if whole == name:
            body[name] = ERASED if text is None else text
        elif text is not None:
            body[whole] = json.loads(text)
        elif isinstance(names := body.get(whole), dict):
            body[whole] = {key: ERASED if each == "" else each for key, each in names.items()}
    return body


def mark_of(seq: int, name: str) -> str:
    """How a fact names a text of another."""
    return f"{seq}/{name}"


def put_replaced(texts: Mapping[int, dict[str, str | None]]) -> None:
    """Of the texts of one stream, by number: what was erased and said anew by a later fact is read where it was."""
    for later in tuple(texts.values()):
        said = later.get(REPLACED + SEVERAL)
        for mark, text in (json.loads(said) if said else {}).items():
            seq, _, name = mark.partition("/")
            if texts.get(int(seq), {}).get(name, "") is None:
                texts[int(seq)][name] = text
