"""Excerpts: the beginning of a long text, cut where it hurts least."""

#: Where to cut, best first: between paragraphs, lines, words.
_SEAMS = ("\n\n", "\n", " ")


def excerpt(text: str, limit: int) -> str:
    """Return at most `limit` characters from the beginning of a text.

    The cut is the last one between paragraphs that keeps at least half of what
    is allowed, else between lines, else between words. Whatever is kept of
    Markdown is Markdown again: what is left open ends with the text.
    """
    if len(text) <= limit:
        return text
    for seam in _SEAMS:
        end = text.rfind(seam, limit // 2, limit + 1)
        if end > 0:
            return text[:end].rstrip()
    return text[:limit]
