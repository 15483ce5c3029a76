"""The ten streets of the demo district: code of the unit, share of the cases, a point on the map, and spots that people name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Street:
    """A street office and where its trouble turns up. `weight` is its share of the cases."""

    area_code: str
    unit: str
    name: str
    weight: int
    latitude: float
    longitude: float
    spots: tuple[str, ...]


STREETS: tuple[Street, ...] = (
    Street("360103001", "XH-NP", "南浦街道", 9, 28.6680, 115.8880,
           ("南浦路中段", "系马桩街口", "永叔路与孺子路交叉口", "干家前巷", "抚河中路沿线", "里洲小区北门")),
    Street("360103002", "XH-CYZ", "朝阳洲街道", 16, 28.6550, 115.8650,
           ("朝阳中路", "桃花河东侧", "云锦路小区西门", "抚生路高架下", "水产市场南侧", "桃花河泵站旁", "建设西路口")),
    Street("360103004", "XH-GRM", "广润门街道", 8, 28.6760, 115.8820,
           ("船山路", "子固路南段", "瓦子角", "中山西路", "孺子亭公园东侧", "棉花市巷")),
    Street("360103007", "XH-SJT", "绳金塔街道", 10, 28.6620, 115.8930,
           ("绳金塔西侧", "金塔东街", "十字街菜市场", "前进路", "站前西路", "塔下寺巷口")),
    Street("360103009", "XH-DGL", "丁公路街道", 9, 28.6740, 115.9050,
           ("丁公路北段", "系统大院南门", "二七北路", "洪城路口", "老福山立交下", "丁公路小学旁")),
    Street("360103010", "XH-NZ", "南站街道", 10, 28.6640, 115.9100,
           ("站前路", "洛阳路", "南昌站西广场", "二七南路", "京九线北侧", "铁路三村")),
    Street("360103011", "XH-TY", "桃源街道", 11, 28.6480, 115.8800,
           ("桃苑大街", "抚生路东侧", "建设路菜市场", "桃源小区三期", "象湖北岸", "施尧路")),
    Street("360103013", "XH-CN", "朝农街道", 7, 28.6320, 115.8620,
           ("朝农路", "水厂路", "昌南大道北侧", "朝农安置房西区", "灌婴路", "生米大桥引桥下")),
    Street("360103014", "XH-TH", "桃花街道", 11, 28.6400, 115.8750,
           ("桃花南路", "龙河沿岸", "观洲路", "桃花一村", "象湖西堤", "洪城大市场北门")),
    Street("360103015", "XH-JZ", "九洲街道", 9, 28.6220, 115.8530,
           ("九洲大道", "云海路", "抚生南路", "朝阳新城二期", "江滩公园南段", "西桃花河口")),
)
BY_AREA: dict[str, Street] = {street.area_code: street for street in STREETS}
