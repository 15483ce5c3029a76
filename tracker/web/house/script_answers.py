"""Answers for scripts instead of for eyes: who asks for JSON gets it, refusals too."""

from flask import Response, jsonify, request

JSON = "application/json"
Told = tuple[Response, int]
ROOMS_OF_SCRIPTS = frozenset({"uploads"})


def wants_json() -> bool:
    """Whether a script is asking."""
    return request.blueprint in ROOMS_OF_SCRIPTS or request.accept_mimetypes.best == JSON


def told(status: int, **said: object) -> Told:
    """What a script is told. A refusal has a `sentence` for the person and a `code` for the script."""
    return jsonify(said), status
