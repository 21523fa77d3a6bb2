"""Words that say yes and no in western and northern Europe, as data."""

from .language_words import LanguageWords

WORDS: dict[str, LanguageWords] = {
    "en": LanguageWords(
        approve=(
            "approve|approved|agreed|i approve|i approve this|i approve it"
            "|approving|approval granted|lgtm|looks good to me|accept|accepted"
            "|i accept|confirm|confirmed|i confirm|go ahead|granted|i agree"
            "|approved by me|fully approved|hereby approved|yes approve"
            "|yes approved|yes i approve|signed off|approve it|approve this"
            "|i hereby approve|ok approved|okay approved|ship it"
        ),
        yes="yes|yep|yeah|yes please|yup|y",
        reject=(
            "reject|rejected|i reject|i reject this|i reject it|deny|denied|i deny"
            "|decline|declined|i decline|refuse|refused|i refuse|disapprove"
            "|disapproved|rejecting|i disapprove|i disagree|disagree|no reject"
            "|no rejected|not accepted|reject it|reject this|turned down|vetoed"
            "|veto"
        ),
        no="no|nope|nay|no thanks|no thank you|n|no way",
    ),
    "de": LanguageWords(
        approve=(
            "genehmigt|einverstanden|genehmige|ich genehmige|genehmigen"
            "|genehmige ich|freigegeben|freigabe|freigabe erteilt|gebe ich frei"
            "|ich gebe frei|zugestimmt|zustimmung|ich stimme zu|stimme zu"
            "|stimme ich zu|bestätigt|bestätige|angenommen|bewilligt|akzeptiert"
            "|akzeptiere|wird genehmigt|ist genehmigt|hiermit genehmigt|freigeben"
        ),
        yes="ja|jawohl|ja bitte|ja gerne",
        reject=(
            "abgelehnt|ablehnen|ich lehne ab|lehne ab|lehne ich ab|ablehnung"
            "|zurückgewiesen|verweigert|ich verweigere|wird abgelehnt"
            "|hiermit abgelehnt|keine freigabe|abgewiesen|nicht einverstanden"
        ),
        no="nein|nö|nein danke",
    ),
    "fr": LanguageWords(
        approve=(
            "approuvé|approuvée|approuver|j'approuve|approuve|accepté|acceptée"
            "|accepter|j'accepte|validé|validée|valider|je valide|bon pour accord"
            "|accord|confirmé|je confirme|c'est approuvé|autorisé|j'autorise"
            "|accordé"
        ),
        yes="oui|ouais|oui merci",
        reject=(
            "rejeté|rejetée|rejeter|je rejette|refusé|refusée|refuser|je refuse"
            "|refus|désapprouvé|je désapprouve|décliné|je décline|pas d'accord"
        ),
        no="non|non merci",
    ),
    "es": LanguageWords(
        approve=(
            "aprobado|aprobada|aprobar|apruebo|lo apruebo|aceptado|aceptada|aceptar"
            "|acepto|autorizado|autorizo|autorizada|confirmado|confirmo|conforme"
            "|visto bueno|queda aprobado|adelante"
        ),
        yes="sí|si|claro que sí|sí por favor",
        reject=(
            "rechazado|rechazada|rechazar|rechazo|lo rechazo|denegado|denegada"
            "|deniego|denegar|desaprobado|desapruebo|no aprobado por mí"
            "|en desacuerdo"
        ),
        no="no gracias",
    ),
    "pt": LanguageWords(
        approve=(
            "aprovado|aprovada|aprovar|aprovo|eu aprovo|aceito|aceite|aceitar"
            "|aceita|autorizado|autorizo|autorizada|confirmado|confirmo|concordo"
            "|de acordo|está aprovado|pode seguir"
        ),
        yes="sim|sim por favor",
        reject=(
            "rejeitado|rejeitada|rejeitar|rejeito|recusado|recusada|recusar|recuso"
            "|negado|negada|nego|reprovado|reprovada|reprovo|indeferido|discordo"
        ),
        no="não|não obrigado|não obrigada",
    ),
    "it": LanguageWords(
        approve=(
            "approvato|approvata|approvare|approvo|lo approvo|accettato|accettata"
            "|accetto|accettare|autorizzato|autorizzo|autorizzata|confermato"
            "|confermo|concordo|approva|si approva|nulla osta"
        ),
        yes="sì|si|sì grazie|certo",
        reject=(
            "rifiutato|rifiutata|rifiuto|rifiutare|respinto|respinta|respingo"
            "|respingere|negato|negata|rigettato|disapprovo|rifiuta|non approvato"
        ),
        no="no grazie",
    ),
    "ca": LanguageWords(
        approve=(
            "aprovat|aprovada|aprovo|ho aprovo|acceptat|acceptada|accepto|d'acord"
            "|autoritzat|autoritzo|confirmat"
        ),
        yes="sí|sí gràcies",
        reject="rebutjat|rebutjada|rebutjo|denegat|denegada|denego|refusat",
        no="no gràcies",
    ),
    "gl": LanguageWords(
        approve="aprobado|apróboo|aceptado|acepto|autorizado",
        yes="si",
        reject="rexeitado|rexeito|denegado|denego",
        no="non",
    ),
    "nl": LanguageWords(
        approve=(
            "goedgekeurd|akkoord|goedkeuren|ik keur goed|ik keur het goed|keur goed"
            "|geaccepteerd|geaccordeerd|ik ga akkoord|ga akkoord|bevestigd"
            "|toegestaan|aanvaard|goedkeuring|ik accepteer|ik keur dit goed"
        ),
        yes="ja|jazeker|ja graag",
        reject=(
            "afgewezen|afwijzen|ik wijs af|ik wijs het af|geweigerd|weigeren"
            "|ik weiger|afgekeurd|ik keur af|verworpen|niet akkoord"
        ),
        no="nee|neen|nee bedankt|nee dank je",
    ),
    "af": LanguageWords(
        approve="goedgekeur|ek keur goed|aanvaar|bevestig",
        yes="ja",
        reject="afgekeur|verwerp|geweier",
        no="nee",
    ),
    "sv": LanguageWords(
        approve=(
            "godkänd|godkänt|godkänner|jag godkänner|godkänn|godkännes|accepterat"
            "|accepterad|jag accepterar|accepterar|bekräftat|bekräftas|beviljat"
            "|beviljas|tillstyrkes"
        ),
        yes="ja|japp|ja tack",
        reject=(
            "avslaget|avslagen|avslås|avvisat|avvisad|avvisas|jag avvisar|avvisa"
            "|nekad|nekat|nekas|avböjt|jag avböjer|underkänd|underkänt|avslag"
            "|ej godkänd av mig"
        ),
        no="nej|nej tack",
    ),
    "da": LanguageWords(
        approve=(
            "godkendt|godkender|jeg godkender|godkend|godkendes|accepteret"
            "|jeg accepterer|accepterer|bekræftet|bevilget|accepter"
        ),
        yes="ja|ja tak",
        reject=(
            "afvist|afviser|jeg afviser|afvis|afvises|nægtet|afslået|afslag|underkendt"
        ),
        no="nej|nej tak",
    ),
    "no": LanguageWords(
        approve=(
            "godkjent|godkjenner|jeg godkjenner|godkjenn|godkjennes|akseptert"
            "|jeg aksepterer|aksepterer|bekreftet|innvilget|godkjend"
        ),
        yes="ja|ja takk",
        reject=(
            "avvist|avviser|jeg avviser|avvis|avslått|avslag|nektet|underkjent"
            "|jeg avslår"
        ),
        no="nei|nei takk",
    ),
    "is": LanguageWords(
        approve="samþykkt|samþykki|ég samþykki|samþykkja|staðfest",
        yes="já|já takk",
        reject="hafnað|hafna|ég hafna|synjað",
        no="nei|nei takk",
    ),
    "fi": LanguageWords(
        approve=(
            "hyväksytty|hyväksyn|hyväksy|hyväksytään|minä hyväksyn|vahvistettu"
            "|vahvistan|puollan|hyväksyn tämän"
        ),
        yes="kyllä|joo|juu",
        reject=(
            "hylätty|hylkään|hylkää|hylätään|torjuttu|kielletty|evätty|en hyväksy tätä"
        ),
        no="ei|ei kiitos",
    ),
    "eu": LanguageWords(
        approve="onartuta|onartzen dut|onartua|ados",
        yes="bai",
        reject="ukatuta|ukatzen dut|baztertuta",
        no="ez",
    ),
    "ga": LanguageWords(
        approve="faofa|ceadaithe|aontaím",
        yes="tá",
        reject="diúltaithe|diúltaím",
        no="níl",
    ),
    "cy": LanguageWords(
        approve="cymeradwyo|cymeradwywyd|wedi ei gymeradwyo",
        yes="ydw|ie",
        reject="gwrthod|gwrthodwyd",
        no="nage",
    ),
}
