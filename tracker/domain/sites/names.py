"""How the names of sites are compared."""

import re
import unicodedata

_LEGAL_FORMS = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司)$")
_BETWEEN = re.compile(r"[\s·•()（）\[\]【】、,，.。-]+")


def normalised_name(name: str) -> str:
    """A name as it is compared: without blanks, brackets and the legal form at its end."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return _LEGAL_FORMS.sub("", plain) or plain
