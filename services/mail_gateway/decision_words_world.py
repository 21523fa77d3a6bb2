"""Words that say yes and no in Asia, the Caucasus and Africa, as data."""

from .language_words import LanguageWords

WORDS: dict[str, LanguageWords] = {
    "vi": LanguageWords(
        approve=(
            "phê duyệt|đã phê duyệt|tôi phê duyệt|chấp thuận|chấp nhận|đồng ý"
            "|tôi đồng ý|duyệt|đã duyệt|xác nhận"
        ),
        yes="có|vâng|dạ",
        reject=(
            "từ chối|tôi từ chối|bác bỏ|không đồng ý|tôi không đồng ý"
            "|không phê duyệt|không duyệt|không chấp nhận|không chấp thuận"
        ),
        no="không",
    ),
    "id": LanguageWords(
        approve=(
            "disetujui|setuju|saya setuju|menyetujui|saya menyetujui|diterima"
            "|terima|dikonfirmasi|disahkan"
        ),
        yes="ya|iya",
        reject=(
            "ditolak|tolak|saya tolak|menolak|saya menolak|tidak setuju"
            "|saya tidak setuju|tidak disetujui"
        ),
        no="tidak|nggak|enggak",
    ),
    "ms": LanguageWords(
        approve=(
            "diluluskan|lulus|luluskan|saya luluskan|bersetuju|saya bersetuju|diterima"
        ),
        yes="ya",
        reject="ditolak|tolak|tidak diluluskan|tidak bersetuju|tidak lulus",
        no="tidak|tak",
    ),
    "fil": LanguageWords(
        approve=(
            "aprubado|inaaprubahan|inaaprubahan ko|sang ayon|pumapayag ako|tinatanggap"
        ),
        yes="oo|opo",
        reject="tinanggihan|tinatanggihan|hindi aprubado|hindi sang ayon",
        no="hindi",
    ),
    "th": LanguageWords(
        approve=("อนุมัติ|อนุมัติแล้ว|อนุมัติครับ|อนุมัติค่ะ|เห็นชอบ|เห็นด้วย|ยอมรับ|ยืนยัน|รับรอง"),
        yes="ใช่|ใช่ครับ|ใช่ค่ะ",
        reject=("ไม่อนุมัติ|ปฏิเสธ|ไม่เห็นชอบ|ไม่เห็นด้วย|ไม่ยอมรับ|ไม่อนุมัติครับ|ไม่อนุมัติค่ะ"),
        no="ไม่|ไม่ใช่|ไม่ครับ|ไม่ค่ะ",
    ),
    "ja": LanguageWords(
        approve=(
            "承認|承認します|承認しました|承認いたします|承認致します|承認済み"
            "|承認済|了承|了承します|了承しました|了承いたします|賛成|賛成です|許可"
            "|許可します|同意します|問題ありません承認します|承認です|決裁します"
            "|可決"
        ),
        yes="はい|ええ",
        reject=(
            "却下|却下します|却下しました|却下いたします|否認|否認します|拒否"
            "|拒否します|不承認|不許可|反対|反対です|差し戻し|差し戻します|差戻し"
            "|承認しません|承認できません|否決|同意しません|許可しません"
            "|承認いたしません"
        ),
        no="いいえ|いえ",
    ),
    "zh": LanguageWords(
        approve=(
            "批准|同意|我同意|我批准|已批准|已同意|通过|審核通過|审核通过|通過|核准"
            "|准予|准许|接受|赞成|贊成|确认|確認|允许|允許|同意了|批准了|同意批准"
            "|已核准|准了"
        ),
        yes="是|是的|對|对",
        reject=(
            "拒绝|拒絕|驳回|駁回|不同意|不批准|我不同意|我不批准|不通过|不通過|否决"
            "|否決|反对|反對|不予批准|不接受|退回|已拒绝|已拒絕|未通过|未批准"
            "|不核准|不准|不赞成"
        ),
        no="否|不|不是|不行|不可以|不好",
    ),
    "ko": LanguageWords(
        approve=(
            "승인|승인합니다|승인함|승인했습니다|승인됨|승인해요|허가|허가합니다"
            "|동의|동의합니다|찬성|찬성합니다|수락|수락합니다|확인합니다|허락합니다"
            "|승인 합니다|결재합니다"
        ),
        yes="네|예|네네",
        reject=(
            "거부|거부합니다|거절|거절합니다|반려|반려합니다|반려함|불승인|미승인"
            "|기각|기각합니다|반대|반대합니다|부결|승인 거부|승인하지 않습니다"
            "|승인 안 함|동의하지 않습니다|승인할 수 없습니다|불허|거부함"
        ),
        no="아니요|아니오|아뇨|아니",
    ),
    "ar": LanguageWords(
        approve=(
            "موافق|موافقة|أوافق|اوافق|أنا موافق|تمت الموافقة|معتمد|أعتمد|مقبول|أقبل"
            "|موافقون|نوافق|تم الاعتماد|تم القبول|قبول|اعتماد"
        ),
        yes="نعم|أجل|اي نعم",
        reject=(
            "مرفوض|مرفوضة|أرفض|ارفض|رفض|غير موافق|لا أوافق|لا اوافق|تم الرفض|نرفض"
            "|غير مقبول|لست موافقا|لا نوافق"
        ),
        no="لا|كلا",
    ),
    "he": LanguageWords(
        approve=(
            "מאשר|מאשרת|מאושר|מאושרת|אישור|אושר|אני מאשר|אני מאשרת|מסכים|מסכימה"
            "|אני מסכים|אני מסכימה|מקובל|מקובל עלי|אושרה"
        ),
        yes="כן",
        reject=(
            "נדחה|נדחתה|דחייה|דוחה|אני דוחה|מסרב|מסרבת|סירוב|לא מאשר|לא מאשרת"
            "|לא מאושר|לא מסכים|לא מסכימה|מתנגד|מתנגדת|אני לא מאשר|אני לא מאשרת"
        ),
        no="לא",
    ),
    "fa": LanguageWords(
        approve=(
            "تایید|تأیید|تایید شد|تایید می‌کنم|تایید میکنم|موافقم|موافقت|موافقت شد"
            "|قبول|پذیرفته شد|تصویب شد|می‌پذیرم"
        ),
        yes="بله|آری",
        reject=(
            "رد|رد شد|رد می‌کنم|رد میکنم|مخالفم|موافق نیستم|تایید نمی‌کنم"
            "|تایید نمیکنم|نپذیرفتم|تایید نشد"
        ),
        no="نه|خیر|نخیر",
    ),
    "hi": LanguageWords(
        approve=(
            "स्वीकृत|मंज़ूर|मंजूर|स्वीकार|अनुमोदित|सहमत|स्वीकृति|मैं सहमत हूँ"
            "|स्वीकार है|मंजूर है|अनुमोदन|मैं स्वीकृत करता हूँ"
            "|मैं स्वीकृति देता हूँ"
        ),
        yes="हाँ|हां|जी हाँ|जी हां|जी",
        reject=(
            "अस्वीकृत|नामंज़ूर|नामंजूर|अस्वीकार|असहमत|इनकार|खारिज|मैं सहमत नहीं हूँ"
            "|मंजूर नहीं|स्वीकृत नहीं|अस्वीकार है"
        ),
        no="नहीं|जी नहीं|ना",
    ),
    "bn": LanguageWords(
        approve="অনুমোদিত|অনুমোদন|অনুমোদন করছি|সম্মত|আমি সম্মত|গ্রহণ",
        yes="হ্যাঁ|জি",
        reject="প্রত্যাখ্যাত|প্রত্যাখ্যান|বাতিল|অসম্মত|নাকচ",
        no="না",
    ),
    "ka": LanguageWords(
        approve="დამტკიცებულია|ვამტკიცებ|თანახმა ვარ|ვეთანხმები",
        yes="დიახ|კი",
        reject="უარყოფილია|უარვყოფ|არ ვეთანხმები",
        no="არა",
    ),
    "hy": LanguageWords(
        approve="հաստատված է|հաստատում եմ|համաձայն եմ|հաստատել",
        yes="այո",
        reject="մերժված է|մերժում եմ|համաձայն չեմ|մերժել",
        no="ոչ",
    ),
    "sw": LanguageWords(
        approve="imeidhinishwa|naidhinisha|nimekubali|nakubali",
        yes="ndiyo|ndio",
        reject="imekataliwa|nakataa|nimekataa",
        no="hapana",
    ),
}
