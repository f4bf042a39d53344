"""What callers may write, and what a good value is."""

import re
from collections.abc import Mapping
from typing import NewType, TypedDict, get_type_hints

Email = NewType("Email", str)
Text = NewType("Text", str)
Phone = NewType("Phone", str)

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+[1-9]\d{6,14}")


class UserChanges(TypedDict, total=False):
    """What callers may write; the type of a field chooses its rule."""

    email: Email
    display_name: Text
    phone: Phone
    marketing_opt_in: bool
    store_credit: int


def check_email(value: object) -> str:
    return "" if isinstance(value, str) and EMAIL.fullmatch(value) else "must be an e-mail address"


def check_text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "must not be empty"


def check_line(value: object) -> str:
    return "" if isinstance(value, str) else "must be text"


def check_phone(value: object) -> str:
    good = isinstance(value, str) and (not value or PHONE.fullmatch(value))
    return "" if good else "must be empty or look like +4930123456"


def check_flag(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def check_count(value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return "" if good else "must be a whole number, 0 or more"


def check_number(value: object) -> str:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if good else "must be a number"


RULES = {
    Email: check_email,
    Text: check_text,
    Phone: check_phone,
    str: check_line,
    bool: check_flag,
    int: check_count,
    float: check_number,
}
WRITABLE = get_type_hints(UserChanges)
NEEDED = ("email", "display_name")


def problems(fields: Mapping[str, object], *, new: bool) -> dict[str, str]:
    """Field name to what is wrong with it; empty when all is well."""
    found = {name: "is needed" for name in NEEDED if new and name not in fields}
    for name, value in fields.items():
        reason = RULES[WRITABLE[name]](value) if name in WRITABLE else "cannot be written"
        if reason:
            found[name] = reason
    return found
