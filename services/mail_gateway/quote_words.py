# ruff: noqa: RUF001 -- these are words of languages that share letters' shapes
"""Words with which mail programs introduce a quoted message, as data.

Everything is lower case; comparisons use ``str.casefold``.
"""

#: "wrote" as it stands in an attribution line, in some fifty languages.
WROTE: tuple[str, ...] = (
    "wrote", "writes", "sent", "schrieb", "geschrieben", "a écrit", "a ecrit",
    "écrit", "schreef", "geschreven", "geskryf", "escribió", "escribio",
    "va escriure", "ha escrit", "escribiu", "idatzi du", "escreveu", "ha scritto",
    "scrisse", "scritto", "a scris", "skrev", "skreiv", "skrifaði", "kirjoitti",
    "kirjutas", "napisał(a)", "napisał", "napisała", "napisana przez", "pisze",
    "napsal(a)", "napsal", "napsala", "napísal(a)", "napísal", "napísala",
    "je napisal(a)", "napisal", "napisala", "je napisao/la", "napisao", "piše",
    "је написао/ла", "написао", "написала", "написал(а)", "написал", "пишет",
    "писал", "написав(-ла)", "написав", "пише", "написа", "напісаў", "έγραψε",
    "egrapse", "şunu yazdı", "yazdı", "ezt írta", "írta", "rašė", "parašė",
    "rakstīja", "đã viết", "menulis", "sumulat", "เขียนว่า", "เขียน", "ने लिखा",
    "লিখেছেন", "写道", "寫道", "写了", "のメッセージ", "のメール", "書きました",
    "作成", "작성", "썼습니다", "님이 씀", "كتب", "كتبت", "نوشت", "כתב/ה", "כתב",
    "כתבה", "גրել է", "դրել է", "დაწერა",
)  # fmt: skip

#: What an attribution line begins with, before its date.
OPENERS: frozenset[str] = frozenset(
    {
        "on", "at", "am", "le", "el", "em", "no", "il", "in", "op", "den", "på",
        "dnia", "w", "dne", "dňa", "dana", "la", "în", "в", "у", "на", "στις", "vào",
        "pada", "เมื่อ", "在", "于", "في", "در", "ב", "בתאריך", "tarihinde",
        "kuupäev", "data", "a", "az", "je", "i", "þann", "sau", "lúc", "noong",
        "date", "het", "de", "пользователь", "el día", "dia",
    }
)  # fmt: skip

#: Starts of an attribution that may follow the reply on the same line.
INLINE_OPENERS: tuple[str, ...] = (
    "On", "Am", "Le", "El", "Il", "Op", "Em", "Den", "På", "Dnia", "Dne", "В",
)  # fmt: skip

#: Stems of "message" as it stands between dashes: "-----Original Message-----".
MESSAGE_STEMS: tuple[str, ...] = (
    "message", "nachricht", "mensaje", "missatge", "messaggio", "mensagem",
    "bericht", "boodskap", "wiadomość", "wiadomosc", "zpráva", "správa", "sporočilo",
    "poruka", "порука", "сообщение", "повідомлення", "съобщение", "паведамленне",
    "meddelande", "besked", "meddelelse", "melding", "viesti", "kiri", "sõnum",
    "üzenet", "mesaj", "ileti", "μήνυμα", "žinutė", "laiškas", "ziņojums", "thư",
    "tin nhắn", "pesan", "mesej", "ข้อความ", "संदेश", "邮件", "郵件", "メッセージ",
    "메시지", "원본", "رسالة", "الرسالة", "پیام", "הודעה", "skilaboð", "mezua",
    "mesaxe", "forwarded by", "weitergeleitet von", "transféré par",
)  # fmt: skip

#: Lines that stand alone above a forwarded message.
FORWARD_LINES: tuple[str, ...] = (
    "begin forwarded message", "début du message réexpédié",
    "début du message transféré", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "inicio del mensaje reenviado",
    "inizio messaggio inoltrato", "início da mensagem reencaminhada",
    "início da mensagem encaminhada", "begin doorgestuurd bericht",
    "vidarebefordrat brev", "start på videresendt besked", "videresendt melding",
    "välitetty viesti alkaa", "początek przekazywanej wiadomości",
    "začátek přeposílané zprávy", "начало переадресованного сообщения",
    "початок листа, що пересилається", "转发的邮件", "下面是被转发的邮件",
    "転送されたメッセージ", "전달된 메시지", "رسالة معاد توجيهها",
    "תחילת ההודעה שהועברה", "iletilen ileti başlangıcı", "továbbított levél kezdete",
    "începutul mesajului redirecționat",
)  # fmt: skip

_FROM = (
    "from", "von", "de", "da", "van", "od", "от", "від", "fra", "från", "lähettäjä",
    "saatja", "feladó", "küldő", "kimden", "gönderen", "από", "desde", "expéditeur",
    "remitente", "mittente", "remetente", "afzender", "absender", "nadawca",
    "odesílatel", "odosielateľ", "отправитель", "відправник", "подател", "发件人",
    "寄件者", "寄件人", "差出人", "送信者", "送信元", "보낸 사람", "보낸사람", "من",
    "מאת", "از", "từ", "người gửi", "dari", "จาก", "nuo", "no", "expeditor", "de la",
    "pošiljatelj", "šalje", "шаље", "frá", "nork", "प्रेषक", "द्वारा",
)  # fmt: skip
_SENT = (
    "sent", "date", "sent on", "sent at", "gesendet", "gesendet am", "datum",
    "envoyé", "envoyé le", "date d'envoi", "message du", "enviado", "enviado el",
    "enviada em", "enviado em", "enviada", "fecha", "data", "enviat", "inviato",
    "data invio", "verzonden", "verstuurd", "gestuur", "sendt", "dato", "skickat",
    "datering", "lähetetty", "päiväys", "päivämäärä", "saadetud", "kuupäev",
    "wysłano", "wysłane", "odesláno", "odoslané", "dátum", "küldve", "elküldve",
    "gönderildi", "gönderilme tarihi", "tarih", "στάλθηκε", "ημερομηνία",
    "отправлено", "дата", "надіслано", "изпратено", "послато", "trimis", "trimis la",
    "poslano", "poslato", "išsiųsta", "nosūtīts", "sent date", "发送时间",
    "发送日期", "日期", "傳送時間", "寄件日期", "送信日時", "日時", "日付",
    "보낸 날짜", "날짜", "تاريخ", "التاريخ", "تم الإرسال", "נשלח", "תאריך", "đã gửi",
    "ngày", "ngày gửi", "dikirim", "tanggal", "ส่ง", "วันที่", "ارسال", "भेजा गया",
    "दिनांक", "dagsetning", "bidalia",
)  # fmt: skip
_TO = (
    "to", "an", "à", "a", "para", "per", "pour", "aan", "til", "till",
    "vastaanottaja", "saaja", "do", "komu", "címzett", "kime", "alıcı", "προς",
    "кому", "до", "за", "către", "catre", "za", "prima", "kam", "收件人", "收件者",
    "宛先", "받는 사람", "받는사람", "إلى", "אל", "به", "đến", "tới", "người nhận",
    "kepada", "ถึง", "adresat", "destinataire", "destinatario", "destinatário",
    "nori", "प्रति", "प्राप्तकर्ता",
)  # fmt: skip
_SUBJECT = (
    "subject", "betreff", "objet", "sujet", "asunto", "assunto", "assumpte",
    "oggetto", "onderwerp", "emne", "ämne", "aihe", "teema", "temat", "předmět",
    "predmet", "tárgy", "konu", "θέμα", "тема", "subiect", "tema", "тэма", "主题",
    "主旨", "件名", "題名", "제목", "الموضوع", "נושא", "موضوع", "chủ đề", "tiêu đề",
    "subjek", "perihal", "เรื่อง", "zadeva", "tēma", "относно", "naslov", "efni",
    "gaia", "विषय",
)  # fmt: skip
_OTHER = (
    "cc", "bcc", "kopie", "kopia", "kopi", "copie", "copie à", "cópia", "copia",
    "копия", "копія", "копие", "dw", "抄送", "副本", "참조", "نسخة", "עותק",
    "reply-to", "répondre à", "antwort an", "importance", "priority", "wichtigkeit",
    "prioritet", "attachments", "anlagen", "pièces jointes", "másolat", "bilgi",
    "κοιν", "kopija",
)  # fmt: skip

#: Labels of a quoted header block, each with what it names.
LABELS: dict[str, str] = {
    label: kind
    for kind, labels in (
        ("other", _OTHER),
        ("subject", _SUBJECT),
        ("to", _TO),
        ("sent", _SENT),
        ("from", _FROM),
    )
    for label in labels
}
