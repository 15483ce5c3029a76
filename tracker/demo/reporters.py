"""Reporters of the demo: invented people. Their telephone numbers begin with digits that no mobile network in China has."""

from random import Random

SURNAMES = tuple("王李张刘陈杨黄吴周徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程")
GIVEN = ("建国", "秀英", "志强", "丽华", "晓东", "桂兰", "海燕", "国平", "小红", "文军", "玉珍", "立新", "雪梅", "永福", "春花")


def somebody(rng: Random, street: str) -> dict[str, str]:
    """Name, number, address and a word of their own; a few of them come back."""
    if rng.random() < 0.1:
        rng = Random(rng.randint(0, 2))  # the same invented neighbour again
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    return {"name": name, "phone": f"120{rng.randint(0, 99999999):08d}",
            "address": f"西湖区{street}某小区{rng.randint(1, 30)}栋{rng.randint(1, 6)}单元",
            "text": rng.choice(("希望匿名处理。", "可以电话联系，晚上方便。", "请处理后回复结果。", ""))}
