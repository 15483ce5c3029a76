"""What the problem types were called before they were rows: reports that were frozen then did not keep it."""

FIRST_NAMES: dict[str, str] = {
    "air": "大气", "water": "水", "soil": "土壤", "ecology": "生态", "noise": "噪声", "radiation": "辐射", "solid_waste": "固废",
    "marine": "海洋", "fume": "油烟", "dust": "扬尘", "garbage": "垃圾", "livestock": "畜禽养殖", "heavy_metal": "重金属",
    "railway": "铁路沿线", "other": "其他",
}
