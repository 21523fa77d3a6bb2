# ruff: noqa: RUF001 -- these are words of languages that share letters' shapes
"""Words that keep an answer from being clear, and words of politeness, as data.

All are folded as :func:`services.mail_gateway.words.fold` does before use.
"""

#: Words that turn an answer round, in some thirty languages.
NEGATIONS = (
    "not|no|never|dont|don't|do not|doesn't|does not|didn't|did not|can't|cannot"
    "|can not|couldn't|won't|will not|wouldn't|would not|shouldn't|isn't|aren't"
    "|wasn't|neither|nor|without|hardly|refuse to|unable to|decline to|non|ain't"
    "|haven't|hasn't|nicht|kein|keine|keinen|keinesfalls|niemals|nie|weder|pas"
    "|jamais|ne|n'|aucun|nunca|jamás|tampoco|não|nao|jamais|nem|mai|neanche|niet"
    "|geen|nooit|nie|inte|ej|icke|aldrig|ikke|ikkje|aldri|ekki|en|ei|et|emme|älä"
    "|mitte|ära|ne|nav|nie|nigdy|nebudu|není|nikdy|nelze|nije|nisam|nisem|nikoli"
    "|nikada|не|нет|никогда|нельзя|нельзя|ні|ніколи|не съм|никога|δεν|μην|μη|όχι"
    "|ποτέ|değil|asla|hayır|nem|ne|soha|nu|niciodată|không|chưa|đừng|tidak|belum"
    "|jangan|bukan|hindi|huwag|ไม่|ยังไม่|อย่า|لا|لم|لن|ليس|لست|غير|ما|לא|אין|אל"
    "|בלי|نه|نمی|नहीं|मत|ना|ez|nid|ní|nuk|mos"
)

#: "Not yet" and the like: whatever stands before it, nothing is decided.
POSTPONED = (
    "not yet|not now|not today|not so fast|hold on|hold off|wait|on hold|don't yet"
    "|noch nicht|jetzt nicht|moment noch|warte|abwarten|pas encore|pas maintenant"
    "|attendez|todavía no|aún no|espera|ainda não|agora não|non ancora|non adesso"
    "|aspetta|nog niet|wacht|inte än|inte ännu|vänta|ikke ennå|ikke enda|endnu ikke"
    "|vent|ei vielä|odota|jeszcze nie|poczekaj|ještě ne|počkej|ešte nie|počkaj"
    "|ne še|še ne|još ne|jos ne|ещё не|еще не|пока не|ещё нет|подождите|ще не"
    "|поки що ні|все още не|όχι ακόμα|henüz değil|bekle|még nem|încă nu|chưa|belum"
    "|ยังไม่|まだ|保留|待って|还没|還沒|暂不|暫不|再等|아직|보류|ليس بعد|انتظر"
    "|עדיין לא|עוד לא|هنوز نه|अभी नहीं|i changed my mind|changed my mind"
    "|scratch that|ignore this|ignore that|just kidding|on second thought"
    "|my mistake|disregard|never mind|nevermind|take that back|take it back"
    "|i take back|cancel that|cancel my|i meant|i was wrong|correction"
)

#: What defers an answer that begins with a mere "yes" or "no".
DEFERRED = (
    "will decide|decide later|decide tomorrow|tomorrow|later|next week|let you know"
    "|get back to you|look into|look at it|will look|will check|will review"
    "|need more time|need time|think about|need to check|have to check|checking"
    "|i am on it|received|got it|i saw|schaue es mir|sehe es mir|melde mich|morgen"
    "|später|muss noch|prüfe ich|werde ich prüfen|je regarde|je vais regarder"
    "|demain|plus tard|je reviens|lo miro|mañana|más tarde|lo reviso|guardo|domani"
    "|più tardi|amanhã|mais tarde|vou ver|vou analisar|morgen|later|ik kijk|imorgon"
    "|i morgen|senere|myöhemmin|huomenna|jutro|później|sprawdzę|zítra|později"
    "|завтра|позже|посмотрю|пізніше|yarın|sonra|holnap|később|mâine|明天|稍后|後で"
    "|確認します|検討します|내일|나중에|غدا|لاحقا|מחר|אחר כך"
)

#: What takes an answer back, or shows that a program wrote it.
TAKEN_BACK = (
    "mistake|mistaken|mistakenly|wrong|wrongly|in error|by accident|accidental"
    "|accidentally|undo|cancel|cancelled|canceled|retract|revoke|revoked|withdraw"
    "|withdrawn|recall|recalled|oops|was received|been received|have received"
    "|been created|been logged|been assigned|your ticket|ticket number|case number"
    "|versehen|versehentlich|aus versehen|irrtum|irrtümlich|falsch|rückgängig"
    "|stornieren|storniere|storniert|widerrufe|widerruf|zurückziehen"
    "|par erreur|erreur|annule|annuler|annulez|annulé|retire|equivocado|equivoqué"
    "|por error|equivocación|anular|anula|cancelar|cancela|deshacer|per errore"
    "|errore|sbagliato|sbaglio|annulla|annullare|por engano|engano|errado|desfazer"
    "|per abuis|per ongeluk|vergissing|verkeerd|fout|annuleer|annuleren|intrekken"
    "|misstag|av misstag|fel|ångra|avbryt|återkalla|ved en fejl|ved en feil|fejl"
    "|feil|fortryd|fortryde|angre|annuller|trekk tilbake|vahingossa|virhe|väärä"
    "|väärin|peru|peruuta|przez pomyłkę|pomyłka|omyłkowo|błąd|błędnie|cofnij|anuluj"
    "|omylem|chyba|zruš|zrušit|zrušte|špatně|omyl|zrušiť|pomotoma|prekliči|greškom"
    "|pogrešno|poništi|по ошибке|ошибка|ошибочно|ошибся|ошиблась|отмена|отменить"
    "|отмените|отмени|отзываю|неправильно|помилково|помилка|скасувати|скасуйте"
    "|неправильно|по погрешка|грешка|отмени|κατά λάθος|λάθος|ακύρωση|ακυρώστε"
    "|yanlış|yanlışlıkla|hata|iptal|geri al|tévedés|véletlenül|tévedésből|hibás"
    "|mégsem|visszavonom|greșit|greșeală|din greșeală|anulați|anulează|nhầm|sai"
    "|huỷ|hủy|salah|batal|batalkan|ผิด|ยกเลิก|間違|誤って|誤り|取り消|取消|キャンセル"
    "|错误|錯誤|发错|發錯|误发|誤發|弄错|弄錯|撤销|撤銷|撤回|실수|잘못|취소|틀렸"
    "|خطأ|إلغاء|ألغ|טעות|בטעות|לבטל|בטל|اشتباه|لغو|गलती|ग़लत|रद्द"
)

#: Capitalised words by themselves that are no name below a mere "yes".
NO_NAMES = (
    "but|however|though|although|still|stop|later|maybe|perhaps|possibly|probably"
    "|really|seriously|why|who|what|which|when|where|how|fix|change|check|review"
    "|hmm|um|uh|eh|actually|almost|nearly|partly|hardly|sometimes|soon|tomorrow"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|received|noted|seen"
    "|understood|help|unsubscribe|forward|forwarded|postpone|delay|pause|remove"
    "|delete|decline|declined|denied|refused|aber|jedoch|vielleicht|später|morgen"
    "|warum|wer|was|wann|wie|stopp|halt|mais|peut|pourquoi|qui|quoi|quand|pero|quizá"
    "|quizás|porqué|quién|qué|cuándo|ma|forse|perché|chi|cosa|mas|talvez|porquê|quem"
    "|maar|misschien|waarom|wie|wat|men|kanskje|kanske|måske|mutta|ehkä|ale|może|co"
    "|možná|proč|но|однако|может|почему|кто|что|але|можливо|ama|belki|neden|de|talán"
    "|dar|poate"
)

#: Small words of a title below a name: "Head of Legal".
TITLE_WORDS = (
    "of|and|the|for|de|da|do|di|du|del|della|la|le|von|van|der|den|und|für|et|y|e|i"
    "|en|og|och|ja|ceo|cfo|cto|coo|cio|vp|md|hr|it|inc|ltd|llc|gmbh|ag|sa|bv|oy|ab"
    "|phd|mba"
)

#: Phrases that begin with a negation and object to nothing.
HARMLESS = (
    "no problem|no problems|no objection|no objections|no issue|no issues"
    "|no worries|no concerns|no comment|no comments|no changes|no change"
    "|no questions|no doubt|no further|no need|not a problem|don't forget"
    "|do not forget|don't worry|not bad|no remarks|no hurry|no rush|without doubt"
    "|without hesitation|why not|kein problem|keine einwände|keine bedenken"
    "|keine fragen|keine anmerkungen|nicht vergessen|pas de problème|pas de souci"
    "|aucune objection|aucun problème|n'oubliez pas|sin problema|ningún problema"
    "|sin objeciones|no olvides|sem problema|sem problemas|sem objeções"
    "|nessun problema|senza problemi|geen probleem|geen bezwaar|inga problem"
    "|inga invändningar|ikke noe problem|intet problem|ei ongelmia|żaden problem"
    "|nie ma problemu|bez problemu|bez problému|нет проблем|без проблем"
    "|нет возражений|немає проблем|sorun yok|nincs gond|nicio problemă"
    "|問題ありません|問題なし|没问题|沒問題|문제없습니다|문제 없습니다|لا مشكلة"
    "|אין בעיה"
)

#: Conditions, wherever they stand beside an answer.
CONDITIONS = (
    "only if|only when|only after|only once|if and only if|provided|provided that"
    "|providing|as long as|so long as|on condition|on the condition"
    "|under the condition|conditionally|conditional|subject to|assuming|unless"
    "|except|excluding|pending|with the exception|in case|contingent|depending"
    "|depends|until|but first|with reservations|with reservation|with conditions"
    "|with exceptions|with caveats|partially|partly|in principle|in part"
    "|mit vorbehalt|mit einschränkungen|teilweise|im prinzip|grundsätzlich"
    "|avec réserve|avec réserves|en principe|partiellement|con reservas"
    "|en principio|parcialmente|con riserva|in linea di principio|com reservas"
    "|em princípio|med forbehold|med reservation|delvis|i prinsippet|i princip"
    "|częściowo|częściowo|частично|частково|с оговорками|kısmen|részben|parțial"
    "|as soon as|with the proviso|unter der bedingung|unter vorbehalt|vorausgesetzt"
    "|sofern|es sei denn|außer|ausser|nur wenn|nur falls|erst wenn|solange"
    "|unter der voraussetzung|vorbehaltlich|à condition|sous réserve|pourvu que"
    "|sauf|à moins|uniquement si|seulement si|tant que|dès que|à l'exception"
    "|siempre que|a condición|con la condición|a menos que|excepto|salvo|solo si"
    "|sólo si|siempre y cuando|en cuanto|desde que|a condição|com a condição"
    "|contanto que|a menos que|exceto|somente se|só se|assim que|a condizione"
    "|a patto|purché|tranne|eccetto|salvo che|solo se|a meno che|non appena"
    "|op voorwaarde|mits|tenzij|behalve|alleen als|zolang|onder voorbehoud"
    "|under förutsättning|förutsatt|såvida|om inte|utom|endast om|bara om"
    "|under forudsætning|forudsat|medmindre|undtagen|kun hvis|bare hvis|forutsatt"
    "|med mindre|unntatt|edellyttäen|paitsi|vain jos|ellei|pod warunkiem|o ile"
    "|chyba że|z wyjątkiem|tylko jeśli|pod podmínkou|za předpokladu|pokud ne|kromě"
    "|pouze pokud|jen pokud|pod podmienkou|okrem|iba ak|len ak|pod pogojem|razen"
    "|samo če|pod uvjetom|pod uslovom|osim|samo ako|при условии|только если|если не"
    "|кроме|за умови|тільки якщо|крім|при условие|само ако|освен|με την προϋπόθεση"
    "|εκτός|μόνο αν|υπό τον όρο|şartıyla|koşuluyla|sürece|hariç|ancak eğer|feltéve"
    "|kivéve|csak ha|azzal a feltétellel|cu condiția|doar dacă|cu excepția"
    "|numai dacă|với điều kiện|trừ khi|trừ|chỉ khi|dengan syarat|asalkan|kecuali"
    "|hanya jika|โดยมีเงื่อนไข|ยกเว้น|条件付き|条件として|を除き|場合のみ|前提|除非"
    "|除了|只有|只要|条件是|條件是|조건부|조건으로|제외하고|단서|بشرط|شريطة|ما عدا"
    "|باستثناء|בתנאי|למעט|חוץ מ|به شرط|مگر|बशर्ते|सिवाय"
)

#: Limits of a yes, such as when or for what; a no is none the less for them.
RESTRICTIONS = (
    "but not|aber nicht|mais pas|pero no|ma non|mas não|maar niet|men inte|men ikke"
    "|ale nie|но не|але не|not before|not until|only from|only for|only on"
    "|nicht vor|erst ab|erst nach"
    "|nur für|pas avant|seulement pour|seulement après|no antes de|solo para"
    "|non prima|niet voor|pas na|inte före|ikke før|nie przed|не раньше|не раніше"
)

#: Words for "if", which also begin harmless requests.
IFS = (
    "if|when|once|after|whenever|wenn|falls|sobald|nachdem|si|quand|lorsque|cuando"
    "|se|quando|als|indien|zodra|om|när|ifall|hvis|når|dersom|jos|kun|kui|jeśli"
    "|jeżeli|gdy|kiedy|pokud|jestli|když|až|ak|keď|če|ko|ako|kad|kada|если|когда"
    "|якщо|коли|ако|когато|αν|εάν|όταν|eğer|ha|amikor|amennyiben|dacă|când|nếu|khi"
    "|jika|kalau|apabila|bila|ถ้า|หาก|إذا|اذا|لو|אם|כאשר|اگر|अगर|यदि|kung|jei|gdyby"
    "|если бы"
)

#: CJK conditions, found inside words too.
CJK_CONDITIONS = (
    "なら|たら|れば|もし|場合|如果|若是|假如|要是|倘若|면 |만약|경우|한다면|하면"
)

#: What makes an "if" harmless: an offer of help, not a condition.
OFFERS = (
    "question|questions|need|needs|needed|necessary|let me know|anything|else"
    "|contact|call me|help|possible|you want|you like|you wish|available|fragen"
    "|frage|brauch|benötig|nötig|hilfe|besoin|nécessaire|pregunta|duda|necesit"
    "|pergunta|dúvida|precis|domand|bisogno|dubbi|vragen|nodig|frågor|behöv"
    "|spørgsmål|spørsmål|brug for|trenger|kysy|tarvits|pytan|pytań|potrzeb|dotaz"
    "|otázk|potřeb|potreb|вопрос|нужн|питан|потріб|въпрос|ερωτήσ|χρειαστ|soru|gerek"
    "|kérdés|szükség|întreb|nevoie|câu hỏi|cần|pertanyaan|perlu|คำถาม|질문|필요"
    "|質問|必要|问题|需要|أسئلة|שאל|سوال|प्रश्न|pitanj|vprašanj"
)

#: Greetings and thanks with which a mail begins.
GREETINGS = (
    "hi|hello|hey|dear|good morning|good afternoon|good evening|good day|greetings"
    "|hiya|morning|afternoon|thanks|thank you|many thanks|thx|hope|i hope"
    "|to whom it may concern|hallo|guten tag|guten morgen|guten abend|liebe|lieber"
    "|liebes|sehr geehrte|sehr geehrter|moin|servus|grüezi|grüß gott|danke"
    "|vielen dank|bonjour|bonsoir|salut|cher|chère|madame|monsieur|merci|hola"
    "|buenos días|buenas tardes|buenas|buen día|estimado|estimada|estimados|querido"
    "|querida|gracias|olá|oi|bom dia|boa tarde|boa noite|prezado|prezada|prezados"
    "|caro|cara|obrigado|obrigada|ciao|buongiorno|buonasera|gentile|salve|egregio"
    "|grazie|bon dia|bona tarda|benvolgut|beste|geachte|goedemorgen|goedemiddag"
    "|goedenavond|goedendag|dag|hoi|bedankt|hej|hejsan|hallå|god morgon|god dag"
    "|tack|hei|kære|goddag|godmorgen|tak|kjære|god morgen|takk|sæl|sæll|góðan dag"
    "|moi|hyvä|terve|hyvää päivää|hyvää huomenta|kiitos|tere|tervist|lugupeetud"
    "|cześć|dzień dobry|witam|szanowny|szanowna|szanowni|dzięki|dziękuję|ahoj"
    "|dobrý den|vážený|vážená|děkuji|dobrý deň|ďakujem|zdravo|pozdravljeni"
    "|pozdravljen|spoštovani|dober dan|hvala|bok|poštovani|poštovana|dobar dan"
    "|pozdrav|здравствуйте|здравствуй|привет|добрый день|доброе утро|добрый вечер"
    "|уважаемый|уважаемая|уважаемые|спасибо|вітаю|добрий день|доброго дня|шановний"
    "|шановна|дякую|привіт|здравейте|здравей|добър ден|уважаеми|благодаря|γεια"
    "|γεια σας|γεια σου|καλημέρα|καλησπέρα|αγαπητέ|αγαπητή|ευχαριστώ|merhaba"
    "|merhabalar|selam|sayın|iyi günler|günaydın|teşekkürler|szia|sziasztok|kedves"
    "|tisztelt|jó napot|jó reggelt|helló|köszönöm|bună|bună ziua|bună dimineața"
    "|stimate|stimată|dragă|mulțumesc|labas|laba diena|gerbiamas|gerbiama|sveiki"
    "|labdien|labrīt|xin chào|chào|kính gửi|cảm ơn|halo|selamat pagi|selamat siang"
    "|selamat sore|yth|terima kasih|kumusta|magandang araw|สวัสดี|สวัสดีครับ"
    "|สวัสดีค่ะ|เรียน|مرحبا|السلام عليكم|عزيزي|عزيزتي|أهلا|شكرا|שלום|היי|הי|תודה"
    "|سلام|با سلام|नमस्ते|प्रिय|धन्यवाद|kaixo|përshëndetje|habari"
)

#: Greetings of languages without spaces: what the line begins or ends with.
CJK_GREETINGS = (
    "お疲れ様です|お疲れさまです|お世話になっております|お世話になります|こんにちは"
    "|おはようございます|您好|你好|尊敬的|亲爱的|親愛的|大家好|早上好|下午好"
    "|안녕하세요|안녕하십니까|수고하십니다"
)
CJK_GREETING_ENDS = "様|さん|殿|先生|님|女士|老师|總|总"

#: Thanks that may follow an answer without punctuation: "approved thanks".
THANKS = (
    "thanks|thank you|thx|ty|many thanks|cheers|danke|vielen dank|merci|gracias"
    "|grazie|obrigado|obrigada|bedankt|dank je|tack|takk|kiitos|dzięki|dziękuję"
    "|děkuji|díky|ďakujem|hvala|спасибо|дякую|благодаря|ευχαριστώ|teşekkürler"
    "|köszönöm|mulțumesc"
)

#: Emoji that take a side, whatever words stand beside them.
POSITIVE_EMOJI = frozenset("👍✅✔👌🆗💯🙆")
NEGATIVE_EMOJI = frozenset("👎❌🚫⛔✖🛑🙅✗✘")
