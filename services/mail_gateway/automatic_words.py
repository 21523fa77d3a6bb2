# ruff: noqa: RUF001 -- these are words of languages that share letters' shapes
"""What automatic mail says in its subject and first lines, as data (lower case)."""

#: Subjects of absence notes and auto-replies: how they begin.
AUTO_SUBJECTS: tuple[str, ...] = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response",
    "auto-response", "autoresponse", "autoresponder", "auto responder",
    "autorespons", "auto:", "[auto", "automated reply", "automated response",
    "automatic response", "out of office", "out-of-office", "out of the office",
    "ooo:", "ooo re", "vacation reply", "vacation:", "on vacation", "away from",
    "i am out of", "i'm out of", "i am away", "away:", "read:", "read receipt",
    "return receipt", "delivered:", "not read:", "ticket received",
    "we received your", "your request has been received", "automatische antwort",
    "automatische rückantwort", "abwesenheit", "abwesenheitsnotiz", "abwesend",
    "nicht im büro", "außer haus", "gelesen:", "lesebestätigung", "autoantwort",
    "réponse automatique", "reponse automatique", "absence du bureau",
    "absent du bureau", "absence :", "absence:", "lu :", "lu:",
    "accusé de réception", "message automatique", "respuesta automática",
    "respuesta automatica", "fuera de la oficina", "fuera de oficina", "ausente",
    "leído:", "acuse de recibo", "resposta automática", "resposta automatica",
    "fora do escritório", "ausência", "ausente do", "lida:", "lido:",
    "resposta automàtica", "risposta automatica", "fuori sede", "fuori ufficio",
    "assente", "assenza", "letto:", "automatisch antwoord", "automatisch bericht",
    "afwezig", "gelezen:", "niet aanwezig", "automatiskt svar", "autosvar",
    "frånvaro", "frånvarande", "ej på kontoret", "läst:", "automatisk svar",
    "fravær", "ikke til stede", "ikke på kontoret", "fraværende", "læst:", "lest:",
    "sjálfvirkt svar", "automaattinen vastaus", "poissa", "poissaolo",
    "automaatvastus", "kontorist väljas", "automātiska atbilde", "prombūtne",
    "automatinis atsakymas", "odpowiedź automatyczna", "automatyczna odpowiedź",
    "autoodpowiedź", "poza biurem", "nieobecność", "przeczytano:",
    "automatická odpověď", "mimo kancelář", "nepřítomnost", "automatická odpoveď",
    "mimo kancelárie", "neprítomnosť", "samodejni odgovor", "odsoten",
    "automatski odgovor", "odsutan", "odsutnost", "аутоматски одговор",
    "автоматический ответ", "автоответ", "автоматичне повідомлення",
    "автоматична відповідь", "автовідповідь", "вне офиса", "нет на месте",
    "отсутствую", "відсутній", "автоматичен отговор", "извън офиса",
    "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt", "otomatik cevap",
    "ofis dışında", "ofis dışı", "automatikus válasz", "házon kívül", "szabadságon",
    "räspuns automat", "răspuns automat", "raspuns automat", "în afara biroului",
    "trả lời tự động", "thư trả lời tự động", "vắng mặt", "balasan otomatis",
    "jawaban otomatis", "balasan automatik", "di luar kantor", "ตอบกลับอัตโนมัติ",
    "ไม่อยู่ที่ทำงาน", "自動返信", "自動応答", "不在", "自动答复", "自动回复",
    "自動回覆", "自動答覆", "外出", "不在办公室", "자동 회신", "자동회신",
    "자동 응답", "부재중", "رد تلقائي", "الرد التلقائي", "خارج المكتب",
    "מענה אוטומטי", "תשובה אוטומטית", "מחוץ למשרד", "پاسخ خودکار", "स्वचालित उत्तर",
    "स्वतः उत्तर", "erantzun automatikoa",
)  # fmt: skip

#: First words of absence notes that carry no mark but their text.
AWAY_TEXTS: tuple[str, ...] = (
    "i am out of", "i'm out of", "i am currently out", "i'm currently out",
    "i am away", "i'm away", "i am currently away", "i will be out of",
    "i'll be out of", "i am on vacation", "i'm on vacation", "i am on leave",
    "i am on annual leave", "i am on holiday", "i'm on holiday",
    "i will be traveling", "i will be away", "i am not in the office",
    "i am currently on", "i am unavailable", "i no longer work",
    "this is an automatic", "this is an automated", "this is an auto",
    "out of office", "this email address is no longer", "this mailbox is",
    "this email inbox", "this account is no longer", "ich bin derzeit nicht",
    "ich bin zurzeit nicht", "ich bin zur zeit", "ich bin momentan nicht",
    "ich bin bis", "ich bin ab", "ich bin nicht im", "ich bin im urlaub",
    "ich befinde mich", "dies ist eine automatisch",
    "diese e-mail wurde automatisch", "je suis absent",
    "je suis actuellement absent", "je suis en congé",
    "je suis actuellement en congé", "je suis en vacances",
    "ceci est un message automatique", "ceci est une réponse automatique",
    "estoy fuera de la oficina", "estoy ausente", "estaré fuera",
    "me encuentro fuera", "actualmente estoy fuera", "este es un mensaje automático",
    "estou ausente", "estou fora", "estarei ausente", "estou de férias",
    "sono assente", "sarò assente", "sono fuori ufficio", "sono in ferie",
    "ik ben afwezig", "ik ben niet aanwezig", "ik ben met vakantie",
    "ik ben op vakantie", "ik ben niet op kantoor", "jag är på semester",
    "jag är inte på kontoret", "jag är ledig", "jeg er på ferie",
    "jeg er ikke på kontoret", "jeg er fraværende", "olen lomalla", "olen poissa",
    "jestem nieobecn", "przebywam na urlopie", "jestem na urlopie",
    "jsem mimo kancelář", "jsem na dovolené", "som mimo kancelárie",
    "som na dovolenke", "я в отпуске", "я нахожусь в отпуске", "меня нет в офисе",
    "я у відпустці", "бях извън офиса", "在休假", "我正在休假", "我目前不在",
    "我现在不在", "外出しております", "不在にしております", "休暇をいただいて",
    "부재중입니다", "휴가 중입니다", "אני לא במשרד", "אני בחופשה", "أنا خارج المكتب",
    "أنا في إجازة", "şu anda ofis dışında", "izindeyim", "szabadságon vagyok",
    "sunt în concediu", "nu sunt la birou",
)  # fmt: skip

#: Thanks that stand before such a text.
AWAY_LEADS: tuple[str, ...] = (
    "thank you for your", "thanks for your", "vielen dank für ihre",
    "danke für ihre", "vielen dank für deine", "merci pour votre", "merci de votre",
    "gracias por su", "obrigado pela sua", "grazie per", "bedankt voor",
    "hartelijk dank", "tack för ditt", "tak for din", "takk for din", "dziękuję za",
    "děkuji za", "спасибо за",
)  # fmt: skip

#: Subjects of mail that could not be delivered: what they contain.
BOUNCE_SUBJECTS: tuple[str, ...] = (
    "undeliver", "non-delivery", "are not member", "loop alert",
    "delivery status notification", "delivery failure", "delivery failed",
    "delivery has failed", "mail delivery failed", "failure notice", "returned mail",
    "delivery notification", "delivery report", "could not be delivered",
    "non remis", "undelivered", "not delivered", "mail system error",
    "mail delivery system", "message not delivered", "failed delivery",
    "nondeliverable", "non-deliverable", "nondelivery", "delivery error",
    "mail failure", "returned to sender", "returning message to sender",
    "mail error", "email delivery", "mail delivery", "unzustellbar",
    "zustellung fehlgeschlagen", "nicht zugestellt", "konnte nicht zugestellt",
    "échec de la remise", "echec de la remise", "non distribuable",
    "échec de remise", "no se puede entregar", "no entregado", "error de entrega",
    "no se ha podido entregar", "não foi possível entregar", "não entregue",
    "falha na entrega", "impossibile recapitare", "mancato recapito",
    "recapito non riuscito", "onbestelbaar", "niet bezorgd", "går inte att leverera",
    "kan inte levereras", "kunne ikke leveres", "ikke leveret", "kan ikke leveres",
    "ei voi toimittaa", "toimittaminen epäonnistui", "niedostarczalne",
    "nie można dostarczyć", "nedoručitelné", "nedoručiteľn", "не доставлено",
    "недоставлен", "не удается доставить", "невозможно доставить",
    "сообщение не доставлено", "не може бути доставлено", "teslim edilemedi",
    "iletilemedi", "kézbesíthetetlen", "nelivrabil", "nu a putut fi livrat",
    "không thể gửi", "tidak terkirim", "配信不能", "配信できません", "未达", "退信",
    "无法投递", "無法傳遞", "投递失败", "未送达", "전송 실패", "배달되지", "반송",
    "تعذر التسليم", "לא ניתן למסירה", "rejected:", "host unknown", "user unknown",
    "failed mail", "message delivery failure", "message undeliverable",
    "returned message", "returned email", "mail returned", "delivery status",
    "bounced", "mail rejected", "message rejected", "unable to deliver",
    "problem delivering",
)  # fmt: skip

#: Subjects and first lines of a warning that delivery takes long.
DELAY_TEXTS: tuple[str, ...] = (
    "(delay)", "delayed", "delivery incomplete", "could not send message for",
    "still being retried", "warning: message", "warning: could not send",
    "has not yet been delivered", "not yet been delivered",
    "temporary problem delivering", "this is a warning message only", "warning only",
    "will be retried", "will continue trying", "delivery attempts will continue",
    "will keep trying", "verzögert", "retardé", "retrasado", "atrasad", "ritardat",
    "vertraagd", "försenad", "forsinket", "opóźnion", "zpožděn", "задерж", "затрим",
    "gecik", "késik", "întârzi", "遅延", "延迟", "延遲", "지연",
)  # fmt: skip

#: First lines of old-style bounces.
BOUNCE_TEXTS: tuple[str, ...] = (
    "not a member of this mailing list", "duplicated message-id",
    "could not be delivered", "could not deliver", "cannot be delivered",
    "can't be delivered", "was not delivered", "not able to deliver",
    "wasn't able to deliver", "unable to deliver", "delivery to the following",
    "had permanent fatal errors", "undeliverable", "delivery has failed",
    "delivery failed", "did not reach the following", "wasn't delivered",
    "couldn't be delivered", "failed recipient", "returned to sender",
    "permanent error", "following addresses had", "had delivery problems",
    "is a permanent error", "user unknown", "no such user", "unknown user",
    "there was an error delivering", "message from yahoo", "delivery failure",
    "failed addresses follow", "mailbox unavailable", "mailbox is full",
    "mailbox full", "over quota", "message could not be", "error delivering",
    "not a valid user", "this is the mail system at",
    "automatically generated delivery status",
    "created automatically by mail delivery software", "failed to deliver",
    "konnte nicht zugestellt", "n'a pas pu être", "no pudo ser entregado",
    "non è stato possibile recapitare", "не было доставлено", "не доставлено",
    "did not like", "your message to", "no longer valid", "address rejected",
    "has been rejected", "was rejected by", "rejected for the following",
    "not reachable", "rejected your message", "配信できません", "宛先",
    "送信できません", "エラー", "無法", "失败", "delivery error", "delivery problem",
)  # fmt: skip

#: Local parts and names of programs that return mail.
DAEMONS: tuple[str, ...] = (
    "mailer-daemon", "mailerdaemon", "mailer daemon", "postmaster", "post_master",
    "mail delivery sys", "mail delivery sub", "mail-daemon", "maildaemon", "mdaemon",
    "mail administrator", "mail-administrator", "email delivery service",
    "mail system", "internet mail delivery", "mail delivery service",
    "bounce-notification",
)  # fmt: skip

#: Local parts of addresses that no person writes from.
NO_REPLY: tuple[str, ...] = (
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply",
    "no.reply", "nepasrepondre", "nicht-antworten", "auto-reply", "autoreply",
    "autoresponder", "auto-responder", "notifications@", "ndr@",
)  # fmt: skip

#: Stems that make a bounce's first lines telling even where no daemon sent them.
TELLING_STEMS: tuple[str, ...] = (
    "deliver", "recipient", "user unknown", "unknown user", "no such user",
    "mailbox", "addresses had", "mailing list", "duplicated", "zugestellt", "配信",
    "доставлено", "recapitare", "entregado",
)  # fmt: skip

#: Stems of subjects that programs write and people don't; the other subjects of
#: absence might also name what is asked ("Absence: Anna, three weeks").
PROGRAM_STEMS: tuple[str, ...] = (
    "auto", "авто", "αυτό", "αυτο", "自动", "自動", "자동", "تلقائي", "אוטומט",
    "خودکار", "स्वचालित", "otomatik", "tự động", "otomatis", "samodejni",
    "อัตโนมัติ", "sjálfvirkt", "räspuns", "out of office", "out of the office",
    "out-of-office", "ooo", "read", "receipt", "recibo", "gelesen", "lu :", "lu:",
    "leído", "lida", "lido", "letto", "läst", "læst", "lest", "przeczytano",
    "réception", "delivered:", "nicht im büro", "absence du bureau",
    "absent du bureau", "fuera de", "fora do escritório", "fuori", "mimo kancel",
    "вне офиса", "εκτός γραφείου", "ofis dışı", "در خارج", "خارج المكتب",
    "מחוץ למשרד", "부재중", "ticket received", "request has been received",
    "we received", "respons", "réponse", "erantzun",
)  # fmt: skip
