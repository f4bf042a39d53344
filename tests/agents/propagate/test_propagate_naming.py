"""One name in all its spellings, found inside of text and replaced in kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.agents.propagate.naming import Style, hits, renamed, spell, words

OLD, NEW = ("store", "credit"), ("loyalty", "points")


@pytest.mark.parametrize(
    "text", ["zipCode", "ZipCode", "zip_code", "ZIP_CODE", "zip-code", "Zip Code", "Zip code", "zip code"]
)
def test_every_style_is_the_same_words(text: str) -> None:
    assert words(text) == ("zip", "code")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("store_credit", "loyalty_points"),
        ("user.storeCredit = 1", "user.loyaltyPoints = 1"),
        ("getStoreCredit()", "getLoyaltyPoints()"),
        ("user_store_credit", "user_loyalty_points"),
        ("STORE_CREDIT", "LOYALTY_POINTS"),
        ("#store-credit-input", "#loyalty-points-input"),
        ("<th>Store Credit</th>", "<th>Loyalty Points</th>"),
        ("Store credit of a user", "Loyalty points of a user"),
        ('`json:"store_credit"`', '`json:"loyalty_points"`'),
        ("storeCreditInput", "loyaltyPointsInput"),
    ],
)
def test_a_name_is_replaced_in_its_own_style(before: str, after: str) -> None:
    assert renamed(before, OLD, NEW) == after


@pytest.mark.parametrize(
    "text", ["restore_credits", "storecredits", "bookstore_credit", "storeCredits", "Storecreditor"]
)
def test_a_longer_word_is_another_name(text: str) -> None:
    assert renamed(text, OLD, NEW) == text


def test_a_name_of_one_word_leaves_the_style_open() -> None:
    (hit,) = hits("city", ("city",))
    assert {Style.SNAKE, Style.CAMEL, Style.KEBAB} <= set(hit.styles)


def test_the_neighbours_of_a_name_of_one_word_can_tell_its_style() -> None:
    assert [hit.styles for hit in hits("getCity()", ("city",))] == [(Style.PASCAL,)]
    assert [hit.styles for hit in hits("cityName", ("city",))] == [(Style.CAMEL,)]


@given(
    st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=2, max_size=4),
    st.sampled_from(list(Style)),
)
def test_a_spelling_gives_back_its_words(name: list[str], style: Style) -> None:
    spelled = spell(tuple(name), style)
    assert words(spelled) == (("".join(name),) if style is Style.FLAT else tuple(name))


@given(st.text(max_size=200))
def test_any_text_without_the_name_stays(text: str) -> None:
    if not hits(text, OLD):
        assert renamed(text, OLD, NEW) == text
