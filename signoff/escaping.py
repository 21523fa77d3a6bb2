"""Text of others, made fit for a terminal or a log."""


def escape_text(text: str) -> str:
    """Return text that stays on its line, moves no cursor and turns no direction."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1]
        for character in text
    )
