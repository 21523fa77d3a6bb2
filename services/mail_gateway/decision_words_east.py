# ruff: noqa: RUF001 -- these are words of languages that share letters' shapes
"""Words that say yes and no in central, eastern and southern Europe, as data."""

from .language_words import LanguageWords

WORDS: dict[str, LanguageWords] = {
    "et": LanguageWords(
        approve=(
            "kinnitatud|kinnitan|heaks kiidetud|kiidan heaks|nõus|olen nõus"
            "|heakskiidetud"
        ),
        yes="jah|jaa",
        reject="tagasi lükatud|lükkan tagasi|keeldun|keeldutud|ei ole nõus",
        no="ei",
    ),
    "lv": LanguageWords(
        approve="apstiprināts|apstiprinu|apstiprināt|piekrītu|akceptēts|apstiprināta",
        yes="jā",
        reject="noraidīts|noraidu|noraidīt|atteikts|nepiekrītu",
        no="nē",
    ),
    "lt": LanguageWords(
        approve=(
            "patvirtinta|patvirtinu|tvirtinu|patvirtinti|pritariu|sutinku|patvirtintas"
        ),
        yes="taip",
        reject="atmesta|atmetu|atmesti|nepritariu|nesutinku|atmestas|nepatvirtinta",
        no="ne",
    ),
    "pl": LanguageWords(
        approve=(
            "zatwierdzam|zatwierdzone|zatwierdzono|zatwierdzony|zatwierdzona"
            "|zatwierdź|akceptuję|zaakceptowane|zaakceptowano|akceptacja"
            "|wyrażam zgodę|zgadzam się|zgoda|potwierdzam|aprobuję|zatwierdzić"
        ),
        yes="tak|tak proszę",
        reject=(
            "odrzucam|odrzucone|odrzucono|odrzucony|odrzucona|odrzuć|odmawiam"
            "|odmowa|nie zgadzam się|nie wyrażam zgody|niezatwierdzone|brak zgody"
        ),
        no="nie|nie dziękuję",
    ),
    "cs": LanguageWords(
        approve=(
            "schváleno|schvaluji|schvaluju|schválit|schválen|schválena|souhlasím"
            "|přijato|potvrzuji|potvrzeno|povoleno|akceptuji"
        ),
        yes="ano|jo",
        reject=(
            "zamítnuto|zamítám|zamítnout|zamítnut|odmítám|odmítnuto|neschváleno"
            "|neschvaluji|nesouhlasím|nepovoleno|neschvaluju"
        ),
        no="ne|ne děkuji",
    ),
    "sk": LanguageWords(
        approve=(
            "schválené|schvaľujem|schváliť|schválený|schválená|súhlasím|potvrdzujem"
            "|potvrdené|prijaté|povolené|akceptujem"
        ),
        yes="áno|hej áno",
        reject=(
            "zamietnuté|zamietam|zamietnuť|zamietnutý|odmietam|odmietnuté"
            "|neschválené|neschvaľujem|nesúhlasím"
        ),
        no="nie|nie ďakujem",
    ),
    "sl": LanguageWords(
        approve=(
            "odobreno|odobravam|odobrim|odobri|potrjeno|potrjujem|se strinjam"
            "|strinjam se|sprejeto|soglašam"
        ),
        yes="da|ja da",
        reject=(
            "zavrnjeno|zavračam|zavrni|odklonjeno|odklanjam|ne strinjam se"
            "|se ne strinjam"
        ),
        no="ne|ne hvala",
    ),
    "hr": LanguageWords(
        approve=(
            "odobreno|odobravam|odobri|odobrena|odobren|prihvaćeno|prihvaćam"
            "|potvrđeno|potvrđujem|slažem se|suglasan|suglasna"
        ),
        yes="da",
        reject=(
            "odbijeno|odbijam|odbij|odbijen|odbijena|ne slažem se|odbačeno"
            "|nije odobreno"
        ),
        no="ne|ne hvala",
    ),
    "sr": LanguageWords(
        approve=(
            "odobreno|odobravam|prihvaćeno|prihvatam|saglasan|saglasna|slažem se"
            "|potvrđeno|одобрено|одобравам|прихваћено|прихватам|сагласан|сагласна"
            "|слажем се|потврђено"
        ),
        yes="da|да",
        reject="odbijeno|odbijam|ne slažem se|одбијено|одбијам|не слажем се",
        no="ne|не",
    ),
    "ru": LanguageWords(
        approve=(
            "одобрено|одобряю|одобрить|одобрен|одобрена|согласовано|согласовываю"
            "|согласен|согласна|утверждаю|утверждено|принято|принимаю|подтверждаю"
            "|подтверждено|утвердить|разрешаю|разрешено"
        ),
        yes="да",
        reject=(
            "отклонено|отклоняю|отклонить|отклонен|отклонён|отклонена|отказано"
            "|отказываю|отказ|не согласен|не согласна|запрещаю|отвергнуто|против"
            "|не согласовано"
        ),
        no="нет",
    ),
    "uk": LanguageWords(
        approve=(
            "схвалено|схвалюю|схвалити|погоджено|погоджую|погоджуюсь|погоджуюся"
            "|затверджую|затверджено|прийнято|підтверджую|підтверджено|згоден"
            "|згодна|ухвалено|дозволяю"
        ),
        yes="так",
        reject=(
            "відхилено|відхиляю|відхилити|відмовлено|відмовляю|не погоджую"
            "|не погоджуюсь|не згоден|не згодна|заперечую|забороняю"
        ),
        no="ні",
    ),
    "bg": LanguageWords(
        approve=(
            "одобрено|одобрявам|одобрен|одобрена|съгласен|съгласна|съгласен съм"
            "|приемам|потвърждавам|потвърдено|прието|разрешавам"
        ),
        yes="да",
        reject=(
            "отхвърлено|отхвърлям|отхвърлен|отказано|отказвам|несъгласен"
            "|не съм съгласен|не одобрявам|отхвърлена"
        ),
        no="не",
    ),
    "mk": LanguageWords(
        approve="одобрено|одобрувам|прифатено|прифаќам|се согласувам",
        yes="да",
        reject="одбиено|одбивам|не се согласувам",
        no="не",
    ),
    "el": LanguageWords(
        approve=(
            "εγκρίνεται|εγκρίθηκε|εγκρίνω|εγκεκριμένο|το εγκρίνω|αποδεκτό|δεκτό"
            "|αποδέχομαι|συμφωνώ|εγκρινεται|έγκριση|επιβεβαιώνω"
        ),
        yes="ναι",
        reject=(
            "απορρίπτεται|απορρίφθηκε|απορρίπτω|απόρριψη|διαφωνώ|αρνούμαι"
            "|το απορρίπτω|δεν εγκρίνεται"
        ),
        no="όχι",
    ),
    "tr": LanguageWords(
        approve=(
            "onaylandı|onaylıyorum|onayla|onay|onaylı|onaylanmıştır|kabul"
            "|kabul edildi|kabul ediyorum|onay veriyorum|uygundur|onaylamak"
        ),
        yes="evet|evet lütfen",
        reject=(
            "reddedildi|reddediyorum|reddet|onaylamıyorum|onaylanmadı"
            "|kabul etmiyorum|red|ret|reddedilmiştir|uygun değildir|kabul edilmedi"
        ),
        no="hayır|hayır teşekkürler",
    ),
    "hu": LanguageWords(
        approve=(
            "jóváhagyva|jóváhagyom|jóváhagyás|elfogadom|elfogadva|engedélyezem"
            "|engedélyezve|egyetértek|megerősítem|jóváhagyott|jóváhagyni"
        ),
        yes="igen",
        reject=(
            "elutasítva|elutasítom|elutasítás|megtagadva|megtagadom|visszautasítom"
            "|nem hagyom jóvá|nem engedélyezem|nem értek egyet"
        ),
        no="nem|nem köszönöm",
    ),
    "ro": LanguageWords(
        approve=(
            "aprobat|aprobată|aprob|aprobare|aprobă|acceptat|acceptată|accept"
            "|sunt de acord|de acord|confirm|confirmat|autorizat"
        ),
        yes="da",
        reject=(
            "respins|respinsă|resping|respinge|refuzat|refuz|nu aprob"
            "|nu sunt de acord|neaprobat"
        ),
        no="nu|nu mulțumesc",
    ),
    "sq": LanguageWords(
        approve="miratuar|miratoj|e miratoj|pranuar|pranoj|dakord",
        yes="po",
        reject="refuzuar|refuzoj|hedhur poshtë|nuk miratoj",
        no="jo",
    ),
}
