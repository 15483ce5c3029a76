"""The mask of a case: a reporter is hidden however they are written, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.house.masking import Mask, Said, counts_as_name, mask_of

OUYANG = Said("欧阳·告密", "13912345678")
ID = "110105194912310021"


def masked(text: str, *said: Said, nouns: frozenset[str] = frozenset()) -> str:
    return mask_of(said, nouns).apply(text)


def test_name_and_number_are_hidden_in_whatever_spelling() -> None:
    text = "欧 阳·告密 １３９-1234 5678 又作一三九一二三四五六七八"
    assert masked(text, OUYANG) == "某某 ****5678 又作****5678"


@pytest.mark.parametrize("spelling", [
    "13912345678", "139 1234 5678", "139-1234-5678", "139.1234.5678", "１３９１２３４５６７８", "139\u200b12345678", "+86 13912345678",
    "8613912345678", "0086-139-1234-5678", "一三九 一二三四 五六七八", "幺三九一二三四五六七八", "①39壹贰叁肆5678", "139—1234—5678",
    "139\u00ad1234\u20605678",
])  # fmt: skip
def test_a_phone_is_found_in_each_spelling(spelling: str) -> None:
    assert masked(f"来电{spelling}，已回访", OUYANG) == "来电****5678，已回访"


@pytest.mark.parametrize("spelling", ["欧阳告密", "欧阳•告密", "欧阳・告密", "欧\u3000阳 告 密", "欧阳\u200b告密", "欧-阳-告-密", "欧阳.告密"])
def test_a_name_is_found_in_each_spelling(spelling: str) -> None:
    assert masked(f"据{spelling}称", OUYANG) == "据某某称"


def test_an_identity_number_keeps_its_last_four() -> None:
    assert masked("身份证１１０１０５ 1949 1231 0021。", Said("", ID)) == "身份证**************0021。"
    assert masked("11010519491231002x", Said("", "11010519491231002X")) == "**************002x"


@pytest.mark.parametrize("text", [
    "来源号 13912345678901", "编号013912345678", "流水号1391234567800", "第01３912345678号0139123456789", "二一三九一二三四五六七八九〇一",
])  # fmt: skip
def test_a_number_inside_a_longer_run_of_digits_stays(text: str) -> None:
    assert masked(text, Said("", "13912345678"), Said("", "8623123")) == text


def test_one_chinese_digit_before_a_number_in_chinese_is_a_word() -> None:
    assert masked("同一一三九一二三四五六七八的来电", OUYANG) == "同一****5678的来电"


def test_a_landline_is_hidden_with_its_area_and_without() -> None:
    said = Said("", "0791-86231234")
    assert masked("0791-86231234、（0791）8623 1234、86231234转3", said) == "****1234、（0791）****1234、****1234转3"


def test_mail_wechat_and_bank_card_are_hidden() -> None:
    said = Said("", "微信 wx_gaomi-88 / Gao.Mi@qq.com", text="卡号6222 0212 3456 7890 128，微信号：gaomi_2")
    text = "加wx_gaomi-88或GAO.MI@QQ.com，卡6222021234567890128；他人gao.mi@qq.com.cn、a.gao.mi@qq.com和wx_gaomi-889"
    hidden = masked(text, said)
    assert hidden.startswith("加****或****，卡")
    assert hidden.endswith("；他人gao.mi@qq.com.cn、a.gao.mi@qq.com和wx_gaomi-889")
    assert masked("微信gaomi_2", said) == "微信****"


@pytest.mark.parametrize("name", ["业主", "群众", "匿名", "李", "高新区", "张某", "李**", "王某某", "居民", "明显", "西湖区", "", "Li", "13912345678",
                                  "桃花源小区业主", "石化厂", "热心市民", "水泥", "余味公司", "不愿透露姓名的人"])
def test_what_is_no_name_hides_nothing(name: str) -> None:
    assert not counts_as_name(name)
    text = "高新区业主和群众、居民匿名反映李家山明显异味，张某、李**、王某某、西湖区、桃花源小区业主、石化厂、水泥"
    assert masked(text, Said(name)) == text


@pytest.mark.parametrize("name", [
    "王红", "欧阳告密", "张先生", "阿卜杜拉·买买提", "John Smith", "Ma. Teresa Cruz", "张三丰", "司马相如", "金丝雀欧阳", "欧 阳·告密",
    "独一无二的人",
])  # fmt: skip
def test_what_is_a_name_hides_it(name: str) -> None:
    assert counts_as_name(name)
    assert masked(f"{name}反映", Said(name)) == "某某反映"


def test_the_name_of_a_unit_or_an_area_hides_nothing() -> None:
    assert masked("石家庄来的水", Said("石家庄"), nouns=frozenset({"石家庄"})) == "石家庄来的水"
    assert masked("石家庄来的水", Said("石家庄")) == "某某来的水"


@pytest.mark.parametrize(("text", "said"), [
    ("王红旗路", "王红旗路"), ("王红说", "某某说"), ("王红路与王红村", "王红路与王红村"), ("王红在路边", "某某在路边"), ("王红路过", "某某路过"), ("王红大道", "王红大道"),
    ("王红回村后", "某某回村后"), ("王红，路面", "某某，路面"), ("王 红", "某某"),
])  # fmt: skip
def test_two_characters_before_a_road_or_a_village_stay(text: str, said: str) -> None:
    assert masked(text, Said("王红")) == said


def test_several_names_and_numbers_in_one_field_are_each_hidden() -> None:
    said = Said("张三丰先生、李四", "13912345678；138 0013 8000/0791-8623123")
    assert masked("张三丰与李四：13800138000，139 1234 5678，8623123", said) == "某某与某某：****8000，****5678，***3123"
    assert masked("张三 李四 张三", Said("张三 李四")) == "某某 某某"


def test_latin_names_are_hidden_as_whole_words() -> None:
    assert masked("JOHN SMITH and Johnsmithson, john-smith", Said("John Smith")) == "某某 and Johnsmithson, 某某"


def test_what_is_known_of_a_reporter_is_in_no_repr() -> None:
    assert "告密" not in f"{OUYANG!r}{mask_of([OUYANG])!r}"
    assert not Mask()
    assert Mask().apply("欧阳告密") == "欧阳告密"


PIECES = st.sampled_from(["欧阳告密", "欧 阳·告密", "13912345678", "一三九一二三四五六七八", "139-1234", "5678", "86", "+86", "123", "王红", "路", "村",
                          "某某",
                          "****", "八",
                          "ab@qq.com", "wx_abc1", "x", "X", "，", " ", "\u200b", "-", "桃花路", ID, ID[:9],
             "１３９", "John", " Smith", "①"])
EVERYBODY = (OUYANG, Said("王红", f"0791-8623123 ab@qq.com {ID}"),
             Said("John Smith", "微信wx_abc1 5678123"),
             Said("路村", "1385678139"))
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=14).map("".join)


@given(TEXTS)
def test_masking_twice_is_masking_once_and_no_text_gets_longer(text: str) -> None:
    once = masked(text, *EVERYBODY)
    assert masked(once, *EVERYBODY) == once
    assert len(once) <= len(text)


@given(st.text(alphabet="西湖区噪声油烟路村的0123456789-* .ABx，\u200b", max_size=80))
def test_a_text_without_the_identity_is_untouched(text: str) -> None:
    assert masked(text, Said("欧阳·告密", "微信 qwerty_88", "", "")) == text


@given(st.text(alphabet="西湖区噪声，。的在", max_size=20), st.text(alphabet="西湖区噪声，。的在", max_size=20), st.lists(
    st.sampled_from(["", " ", "-", ".", "\u200b", "\u3000"]), min_size=11, max_size=11),
    st.sampled_from(["0123456789", "〇一二三四五六七八九", "０１２３４５６７８９"]))
def test_whatever_stands_between_its_digits_a_phone_is_hidden(before: str, after: str, gaps: list[str], digits: str) -> None:
    written = "".join(f"{gap}{digits[int(digit)]}" for gap, digit in zip(gaps, "13912345678", strict=True))
    assert masked(f"{before}{written}{after}", OUYANG).removesuffix(after).endswith("****5678")
