"""What one language says for yes and no."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """What one language says; words separated by ``|``."""

    #: Words that only a decision uses.
    approve: str
    #: The language's "yes".
    yes: str
    #: Words that only a decision uses.
    reject: str
    #: The language's "no".
    no: str
