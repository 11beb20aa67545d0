"""What of personal data is shown to somebody who has no reason to see all of it."""

import re

HIDDEN = "****"
PROVINCE = re.compile(r".{2,8}?(?:特别行政区|自治区|省|市)")
CITY = re.compile(r".{1,10}?(?:自治州|地区|市)|.{1,10}?(?:盟|县)")
MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市", "香港特别行政区", "澳门特别行政区")


def mask_name(name: str) -> str:
    """王**: how long the name is stays hidden, too."""
    return f"{name[0]}**" if name else ""


def mask_identity(number: str) -> str:
    """4****************2: the birth date shown beside it would give away half of the rest."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 10 else ""


def mask_phone(phone: str) -> str:
    """174****6205"""
    return f"{phone[:3]}{HIDDEN}{phone[-4:]}" if len(phone) > 7 else ""


def mask_address(address: str) -> str:
    """Province and city, nothing of the street."""
    if not address:
        return ""
    province = PROVINCE.match(address)
    if province is None:
        return HIDDEN
    shown = province[0]
    city = None if shown in MUNICIPALITIES else CITY.match(address, province.end())
    return shown + (city[0] if city else "") + HIDDEN
