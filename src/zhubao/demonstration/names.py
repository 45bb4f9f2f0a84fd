"""Invented Chinese names with believable frequencies, including the ones that break careless software.

A name is drawn character by character from the lists below; it is never taken from a register of persons. Frequencies are
demonstration choices: the surnames follow the well-known order of the commonest hundred, weights fall off as in the country.
Shares of hard names: about 4 in 1000 carry a character outside the basic plane or in extension A, 2 in 1000 an interpunct.
"""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Literal

Sex = Literal["male", "female"]

RARE_SHARE_PER_MILLE = 4
INTERPUNCT_SHARE_PER_MILLE = 2
COMPOUND_SHARE_PER_MILLE = 3

_SURNAMES_BY_WEIGHT = {
    70: "王李张",
    45: "刘陈",
    30: "杨黄赵吴周",
    20: "徐孙马朱胡郭何高林罗",
    13: "郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘",
    9: "于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
    3: "冉庹麻蔺亓逄仇单解查区乜缪卞庾晏楚匡敖揭帅危漆占",
}
_COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "夏侯", "尉迟", "皇甫", "令狐")

_MALE_OLD = "国建德明志文华永福生贵荣祥富发有财金水木根林山海平安清义仁忠孝礼信光兴旺宝良庆春秋长学"
_FEMALE_OLD = "秀英桂兰珍芳玉莲梅凤香菊翠花琴淑素银彩娥珠美爱巧春月荣枝莉红霞妹冬腊"
_MALE_MIDDLE = "军勇伟强刚斌涛峰辉杰鹏波磊俊健超亮飞宏志海东阳新卫红兵林江民"
_FEMALE_MIDDLE = "丽敏静燕艳娟红霞玲芬萍琼洁群蓉莉娜晓小雪慧琳云平华"
_MALE_YOUNG = "浩宇轩泽睿子涵博文梓豪俊杰晨皓瑞嘉佑航一诺天翔铭"
_FEMALE_YOUNG = "欣怡梓涵诗雨萱若汐语桐思可馨悦佳琪雅婷依诺心妍"

# Characters that need extension A, B or E, or four bytes in GB18030: names that must survive every file and every form.
RARE_CHARACTERS = "䶮㛃䲟𬱟𬭎𠅤𫖯𬀩𪻐𠙶"
_UNCOMMON_CHARACTERS = "喆堃犇淼龑翀赟昇祎玥瑀婳煊"

# Parts for names written with an interpunct, as several peoples of China write theirs; put together at random here.
_INTERPUNCT_FIRST = ("阿依", "吉木", "古丽", "扎西", "卓玛", "米热", "沙马", "尔古")
_INTERPUNCT_SECOND = ("阿木", "沙依木", "次仁", "吐尔逊", "拉日", "尼亚孜", "央金")


class Names:
    """Draws invented names; `local_surnames` adds weight to surnames that are common in one county."""

    def __init__(self, local_surnames: Mapping[str, int] | None = None) -> None:
        weights = {surname: weight for weight, surnames in _SURNAMES_BY_WEIGHT.items() for surname in surnames}
        for surname, extra in (local_surnames or {}).items():
            weights[surname] = weights.get(surname, 0) + extra
        self._surnames = tuple(weights)
        self._cumulative = tuple(accumulate(weights.values()))

    def surname(self, rng: Random) -> str:
        """Return one surname, of two characters in a few cases."""
        if rng.randrange(1000) < COMPOUND_SHARE_PER_MILLE:
            return rng.choice(_COMPOUND_SURNAMES)
        return self._surnames[bisect_right(self._cumulative, rng.randrange(self._cumulative[-1]))]

    def full_name(self, rng: Random, sex: Sex, birth_year: int, surname: str | None = None) -> str:
        """Return a whole name in the fashion of the year of birth, with the family's surname when one is given."""
        draw = rng.randrange(1000)
        if surname is None and draw >= 1000 - INTERPUNCT_SHARE_PER_MILLE:
            return f"{rng.choice(_INTERPUNCT_FIRST)}·{rng.choice(_INTERPUNCT_SECOND)}"
        family = surname or self.surname(rng)
        characters = given_name_characters(sex, birth_year)
        if draw < RARE_SHARE_PER_MILLE:
            return family + rng.choice(("", rng.choice(characters))) + rng.choice(RARE_CHARACTERS)
        if draw < 5 * RARE_SHARE_PER_MILLE:
            return family + rng.choice(_UNCOMMON_CHARACTERS)
        first = rng.choice(characters)
        # Single given names were the fashion of 1965–1995.
        if rng.randrange(100) < (35 if 1965 <= birth_year < 1995 else 12):
            return family + first
        second = rng.choice(characters)
        while second == first and rng.randrange(4):
            second = rng.choice(characters)
        return family + first + second


def given_name_characters(sex: Sex, birth_year: int) -> str:
    """Return the characters from which given names of that sex and time are made."""
    if birth_year < 1970:
        return _MALE_OLD if sex == "male" else _FEMALE_OLD
    if birth_year < 1998:
        return _MALE_MIDDLE if sex == "male" else _FEMALE_MIDDLE
    return _MALE_YOUNG if sex == "male" else _FEMALE_YOUNG


_SOUNDALIKES = {"秀": "绣", "英": "瑛", "桂": "贵", "兰": "蓝", "珍": "贞", "芳": "方", "玉": "钰", "建": "健", "国": "幗", "明": "铭",
                "志": "治", "文": "闻", "华": "桦", "福": "富", "生": "升", "丽": "莉", "敏": "闽", "静": "婧", "燕": "艳", "娟": "鹃",
                "军": "君", "勇": "永", "伟": "玮", "强": "墙", "刚": "钢", "斌": "彬", "峰": "锋", "辉": "晖", "浩": "昊", "宇": "雨",
                "欣": "新", "怡": "宜", "涵": "函", "红": "虹", "霞": "侠", "平": "萍", "荣": "蓉", "琴": "芹", "凤": "风"}  # fmt: skip


def misspelt(name: str) -> str:
    """Return the name as another office might have heard it: never equal to `name`."""
    for character in reversed(name[1:]):
        if character in _SOUNDALIKES:
            return name[0] + name[1:].replace(character, _SOUNDALIKES[character])
    return f"{name}（曾用名）"
