"""Refusals: everything the product says no to, each with one sentence for a person and a code for a machine."""


class Refusal(Exception):
    """Base of all refusals. `sentence` is Chinese and shown as it is; `code` is stable; `status` is the HTTP status."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code is not None:
            self.code = code


class NotAllowed(Refusal):
    """The actor has no right to this step or this record's step."""

    status = 403
    code = "not_allowed"


class NotFound(Refusal):
    """Absent, or forbidden to this actor: outsiders cannot tell which."""

    status = 404
    code = "not_found"


class WrongState(Refusal):
    """The step does not start from the record's present state."""

    status = 409
    code = "wrong_state"


class Conflict(Refusal):
    """Somebody moved the record since the actor last saw it, or it exists already."""

    status = 409
    code = "conflict"


class TooMany(Refusal):
    """Somebody does this too often; the sentence says how long to wait."""

    status = 429
    code = "too_many"


class Incomplete(Refusal):
    """Something that must be given or proved is missing."""

    status = 422
    code = "incomplete"


class Invalid(Refusal):
    """A value is malformed; `field` names it."""

    status = 422
    code = "invalid"


class Broken(Refusal):
    """A proof does not hold: a chain, a fold or a file differs from what was recorded."""

    status = 500
    code = "broken"


class Unavailable(Refusal):
    """Nothing can be written just now, and nothing was: the clock, or the database, is not to be trusted."""

    status = 503
    code = "unavailable"
