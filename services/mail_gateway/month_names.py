# ruff: noqa: RUF001 -- month names of languages that share letters' shapes
"""Names of the months in many languages, as data (lower case)."""

#: January first; names of a month separated by spaces.
MONTHS: tuple[str, ...] = (
    (
        "january jan januar janvier enero ene janeiro gennaio gen januari "
        "tammikuuta styczen stycznia sty ledna januara januára января січня "
        "ianuarie ocak január ιανουαριου gener"
    ),
    (
        "february feb februar février févr fevrier febrero fevereiro fev febbraio "
        "februari helmikuuta lutego lut února februára февраля лютого februarie "
        "şubat február"
    ),
    (
        "march mar märz maerz mrz mars marzo março maart mrt maaliskuuta marca "
        "března марта березня martie mart március"
    ),
    (
        "april apr avril abril abr aprile huhtikuuta kwietnia kwi dubna apríla "
        "апреля квітня aprilie nisan április"
    ),
    (
        "may mai mayo maio maggio mag mei maj toukokuuta maja května mája мая "
        "травня mayıs május"
    ),
    (
        "june jun juni juin junio junho giugno giu kesäkuuta czerwca cze června "
        "júna июня червня iunie haziran június"
    ),
    (
        "july jul juli juillet juil julio julho luglio lug heinäkuuta lipca lip "
        "července júla июля липня iulie temmuz július"
    ),
    (
        "august aug août aout agosto ago augustus augusti elokuuta sierpnia sie "
        "srpna augusta августа серпня ağustos augusztus"
    ),
    (
        "september sep sept septembre septiembre setembro set settembre syyskuuta "
        "września wrz září septembra сентября вересня septembrie eylül szeptember"
    ),
    (
        "october oct oktober okt octobre octubre outubro out ottobre ott "
        "lokakuuta października paź října októbra октября жовтня octombrie ekim "
        "október"
    ),
    (
        "november nov novembre noviembre novembro marraskuuta listopada lis "
        "listopadu novembra ноября листопада noiembrie kasım"
    ),
    (
        "december dec dezember dez décembre déc decembre diciembre dic dezembro "
        "dicembre joulukuuta grudnia gru prosince decembra декабря грудня "
        "decembrie aralık"
    ),
)
