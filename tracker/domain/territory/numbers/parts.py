"""The words for the parts of a number, as they are typed within braces."""

YEAR, MONTH, DAY, DIGITS, LETTERS = "年", "月", "日", "数字", "字母"
