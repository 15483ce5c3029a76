"""Unified social credit codes （统一社会信用代码, GB 32100）."""

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import PERMIT_NUMBER


def read_credit_code(text: str) -> str:
    """A code as it is kept; "" for none. Raises `Invalid` where its form or its check digit is wrong."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    try:
        return str(uscc.validate(plain)) if plain else ""
    except ValidationError as error:
        raise Invalid(Say("“{code}”不是有效的统一社会信用代码，请核对 18 位和校验位。", code=plain[:40]), field="credit_code") from error


def is_permit_number_odd(number: str) -> bool:
    """Whether a number of a permit or a registration is not the credit code with its check digit, three digits and a letter. It
    is kept as it stands on the paper, and marked."""
    return PERMIT_NUMBER.fullmatch(number) is None or not uscc.is_valid(number[:18])
