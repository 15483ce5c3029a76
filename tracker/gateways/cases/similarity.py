"""How alike two texts are, by what they share: the order of sentences and what only the longer one says count little."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

FULL = 12  # tokens of the shorter text from which a likeness counts in full: two short texts are soon alike


def alike(tokens: Sequence[str], others: Mapping[int, Sequence[str]], at_least: float = 0) -> dict[int, float]:
    """The likeness (0 to 100) of the texts with these tokens, by key; what is less like than `at_least` is left out."""
    asked = " ".join(tokens)
    if not asked:
        return {}
    texts = {key: " ".join(each) for key, each in others.items() if each}
    scores = process.extract(asked, texts, scorer=fuzz.token_set_ratio, score_cutoff=at_least, limit=None)
    found = {key: float(score) * _token_trust(tokens, others[key]) for _, score, key in scores}
    return {key: score for key, score in found.items() if score >= at_least}


def _token_trust(tokens: Sequence[str], other: Sequence[str]) -> float:
    return min(1.0, min(len(set(tokens)), len(set(other))) / FULL)
