"""The two letters of each province (GB/T 2260), by the first digits of its codes: sources of inspections are named with them."""

LETTERS: dict[str, str] = {
    "11": "BJ", "12": "TJ", "13": "HE", "14": "SX", "15": "NM", "21": "LN", "22": "JL", "23": "HL", "31": "SH", "32": "JS",
    "33": "ZJ", "34": "AH", "35": "FJ", "36": "JX", "37": "SD", "41": "HA", "42": "HB", "43": "HN", "44": "GD", "45": "GX",
    "46": "HI", "50": "CQ", "51": "SC", "52": "GZ", "53": "YN", "54": "XZ", "61": "SN", "62": "GS", "63": "QH", "64": "NX",
    "65": "XJ",
}


def letters_of(code: str) -> str:
    """The letters of the province in which an area lies; "" for none of ours."""
    return LETTERS.get(code[:2], "")
