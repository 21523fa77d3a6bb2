"""Until when an absence note says that its author is away."""

from datetime import date

import pytest

from services.mail_gateway.absence import absent_until

WRITTEN = date(2026, 11, 23)
DECEMBER_4 = date(2026, 12, 4)


@pytest.mark.parametrize(
    "text",
    [
        "I am away until 4 December 2026.",
        "I am away until Friday, December 4th.",
        "I will be back on 2026-12-04.",
        "Ich bin bis zum 04.12.2026 nicht im Büro.",
        "Ich bin bis einschließlich 4. Dezember im Urlaub.",
        "Je suis absent jusqu'au 4 décembre 2026.",
        "Estaré fuera hasta el 4 de diciembre de 2026.",
        "Sono assente fino al 4 dicembre.",
        "Estou ausente até 4 de dezembro.",
        "Ik ben afwezig t/m 4 december.",
        "Jag är ledig till och med 4 december.",
        "Jestem na urlopie do 4 grudnia.",
        "Jsem mimo kancelář do 4. prosince.",
        "Меня не будет до 4 декабря.",
        "12月4日まで休暇をいただいております。",
        "I am away from 24 November until 4 December.",
    ],
)
def test_end_of_an_absence_is_read(text: str) -> None:
    """The day after "until" is the end, in many languages."""
    assert absent_until(text, WRITTEN) == DECEMBER_4


@pytest.mark.parametrize(
    "text",
    [
        "I am away.",
        "I am away until further notice.",
        "I am away until 04/05/2027.",
        "I am away until 31 February 2027.",
        "I was away until 4 December 2019.",
        "Call me until 10:30.",
    ],
)
def test_no_end_is_guessed(text: str) -> None:
    """No day, an impossible or ambiguous or past one is none."""
    assert absent_until(text, WRITTEN) is None


def test_year_turns() -> None:
    """A day without a year is the next one of that name."""
    assert absent_until("Back on January 7.", WRITTEN) == date(2027, 1, 7)
