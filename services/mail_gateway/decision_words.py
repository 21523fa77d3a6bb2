"""Words that say yes and no in many languages, as data.

Only words that stand for a decision by themselves are here. A request ("please
approve", "承認お願いします") is not one.
"""

from .decision_words_east import WORDS as EAST
from .decision_words_west import WORDS as WEST
from .decision_words_world import WORDS as WORLD
from .language_words import LanguageWords

#: Words that also merely acknowledge: they count only alone on their line.
ALONE = (
    "ok|okay|okey|oké|oke|okej|sure|fine|good|all good|sounds good|d'accord|daccord"
    "|vale|de acuerdo|va bene|d'accordo|in ordnung|passt|tamam|olur|хорошо|ладно|ок"
    "|добре|好|好的|可以|行|好吧|わかりました|네 알겠습니다|ตกลง|baik|được|rendben"
    "|w porządku|v pořádku|v poriadku|în regulă|u redu|v redu|dobro|все ок|gerai"
    "|labi|hästi|jättebra|bra|fint|godt|حسنا|طيب|בסדר|باشه|ठीक है|está bien"
    "|tudo bem"
)

#: Words that mean something else, or the opposite, in another language: they count
#: only where the approver's language says so.
LOCAL = (
    "ne|nē|né|tak|так|nu|no no|co|có|nai|na|ha|hä|lo"
    "|la|ken|ya|ja ja|ret|red|رد|nem|ei|ie|iva|jo|jó|ano"
    "|ok no|ei ei|não não|ni|ні|не|нє|iya|taip|ap|e|ei käy|aye|nope nope"
)

#: Words of other languages that an approver of this language uses otherwise.
MISLEADING = {
    "pl": frozenset({"no"}),
    "cs": frozenset({"no"}),
    "sk": frozenset({"no"}),
    "pt": frozenset({"nao nao"}),
    "sv": frozenset({"nu"}),
}

#: The words by language code.
WORDS: dict[str, LanguageWords] = {**WEST, **EAST, **WORLD}
