import re

from pipelines.demo.personal import planted


def test_every_iban_has_right_check_digits() -> None:
    for iban in planted()["iban"]:
        compact = iban.replace(" ", "")
        assert len(compact) == 27
        moved = compact[4:] + compact[:4]
        assert int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def test_every_card_passes_the_luhn_check() -> None:
    for card in planted()["card"]:
        digits = [int(sign) for sign in reversed(re.sub(r"\D", "", card))]
        assert sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) in range(0, 200, 10)


def test_addresses_and_numbers_belong_to_nobody() -> None:
    assert all(re.search(r"@example\.(com|org|net)$", value) for value in planted()["email"])
    assert all(re.search(r"example\.(com|org|net)/", value) for value in planted()["url"])
    national = [re.sub(r"\D", "", value.replace("+33 ", "0")) for value in planted()["phone"]]
    assert {number[:6] for number in national} == {"019900", "026191", "035301", "046571", "053649", "063998"}
    assert {len(number) for number in national} == {10}


def test_no_value_is_planted_under_two_names() -> None:
    for values in planted().values():
        assert len(set(values)) == len(values)
