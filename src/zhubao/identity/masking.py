"""Names and numbers as the public may see them."""


def mask_name(name: str) -> str:
    """Keep the first character, star the rest with two stars at most (a long name tells by its length): 沈志远 → 沈**; one character: *."""
    name = name.strip()
    return "*" if len(name) < 2 else name[0] + "*" * min(len(name) - 1, 2)


def mask_number(number: str) -> str:
    """Keep the first and the last four characters: 3206**********2043; shorter than nine, everything is starred."""
    return "*" * len(number) if len(number) < 9 else number[:4] + "*" * (len(number) - 8) + number[-4:]


def mask_account(number: str) -> str:
    """Keep the last four digits of a bank account."""
    return "*" * len(number) if len(number) < 5 else "*" * (len(number) - 4) + number[-4:]


def mask_phone(number: str) -> str:
    """Keep the first three and the last four digits of a telephone number: 139****0001; shorter than seven, everything is starred."""
    return "*" * len(number) if len(number) < 7 else number[:3] + "*" * (len(number) - 7) + number[-4:]
