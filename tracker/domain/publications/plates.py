"""Plates of vehicles in a text, as GA 36 writes them: a province, a letter, five or six letters and digits."""

import re

PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s-]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])")
