"""the reference data that ships with the product: calendar, divisions, limits, sources

The rows stand here as they shipped with this revision. What the product ships later comes with a later one."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

GO_LIVE = date(2018, 1, 1)

# The tables as they are at this revision: the models may have grown since.
DAYS = sa.table("calendar_days", sa.column("day", sa.Date), *map(sa.column, ("kind", "name", "source", "notice")))
AREAS = sa.table("areas", *map(sa.column, ("code", "name", "level", "parent_code", "successors")),
                 sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")), sa.column("is_first_day_counted", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
RULES = sa.table("sources", *map(sa.column, ("id", "key", "name", "kind", "channel", "submit_gate", "verify_gate", "close_gate")),
                 sa.column("is_notice_required", sa.Boolean), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))

# day | kind | name | source | notice
DAYS_SHIPPED = """
2021-01-01|holiday|元旦|published|国办发明电〔2020〕27号
2021-01-02|holiday|元旦|published|国办发明电〔2020〕27号
2021-01-03|holiday|元旦|published|国办发明电〔2020〕27号
2021-02-07|makeup|春节|published|国办发明电〔2020〕27号
2021-02-11|holiday|春节|published|国办发明电〔2020〕27号
2021-02-12|holiday|春节|published|国办发明电〔2020〕27号
2021-02-13|holiday|春节|published|国办发明电〔2020〕27号
2021-02-14|holiday|春节|published|国办发明电〔2020〕27号
2021-02-15|holiday|春节|published|国办发明电〔2020〕27号
2021-02-16|holiday|春节|published|国办发明电〔2020〕27号
2021-02-17|holiday|春节|published|国办发明电〔2020〕27号
2021-02-20|makeup|春节|published|国办发明电〔2020〕27号
2021-04-03|holiday|清明节|published|国办发明电〔2020〕27号
2021-04-04|holiday|清明节|published|国办发明电〔2020〕27号
2021-04-05|holiday|清明节|published|国办发明电〔2020〕27号
2021-04-25|makeup|劳动节|published|国办发明电〔2020〕27号
2021-05-01|holiday|劳动节|published|国办发明电〔2020〕27号
2021-05-02|holiday|劳动节|published|国办发明电〔2020〕27号
2021-05-03|holiday|劳动节|published|国办发明电〔2020〕27号
2021-05-04|holiday|劳动节|published|国办发明电〔2020〕27号
2021-05-05|holiday|劳动节|published|国办发明电〔2020〕27号
2021-05-08|makeup|劳动节|published|国办发明电〔2020〕27号
2021-06-12|holiday|端午节|published|国办发明电〔2020〕27号
2021-06-13|holiday|端午节|published|国办发明电〔2020〕27号
2021-06-14|holiday|端午节|published|国办发明电〔2020〕27号
2021-09-18|makeup|中秋节|published|国办发明电〔2020〕27号
2021-09-19|holiday|中秋节|published|国办发明电〔2020〕27号
2021-09-20|holiday|中秋节|published|国办发明电〔2020〕27号
2021-09-21|holiday|中秋节|published|国办发明电〔2020〕27号
2021-09-26|makeup|国庆节|published|国办发明电〔2020〕27号
2021-10-01|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-02|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-03|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-04|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-05|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-06|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-07|holiday|国庆节|published|国办发明电〔2020〕27号
2021-10-09|makeup|国庆节|published|国办发明电〔2020〕27号
2022-01-01|holiday|元旦|published|国办发明电〔2021〕11号
2022-01-02|holiday|元旦|published|国办发明电〔2021〕11号
2022-01-03|holiday|元旦|published|国办发明电〔2021〕11号
2022-01-29|makeup|春节|published|国办发明电〔2021〕11号
2022-01-30|makeup|春节|published|国办发明电〔2021〕11号
2022-01-31|holiday|春节|published|国办发明电〔2021〕11号
2022-02-01|holiday|春节|published|国办发明电〔2021〕11号
2022-02-02|holiday|春节|published|国办发明电〔2021〕11号
2022-02-03|holiday|春节|published|国办发明电〔2021〕11号
2022-02-04|holiday|春节|published|国办发明电〔2021〕11号
2022-02-05|holiday|春节|published|国办发明电〔2021〕11号
2022-02-06|holiday|春节|published|国办发明电〔2021〕11号
2022-04-02|makeup|清明节|published|国办发明电〔2021〕11号
2022-04-03|holiday|清明节|published|国办发明电〔2021〕11号
2022-04-04|holiday|清明节|published|国办发明电〔2021〕11号
2022-04-05|holiday|清明节|published|国办发明电〔2021〕11号
2022-04-24|makeup|劳动节|published|国办发明电〔2021〕11号
2022-04-30|holiday|劳动节|published|国办发明电〔2021〕11号
2022-05-01|holiday|劳动节|published|国办发明电〔2021〕11号
2022-05-02|holiday|劳动节|published|国办发明电〔2021〕11号
2022-05-03|holiday|劳动节|published|国办发明电〔2021〕11号
2022-05-04|holiday|劳动节|published|国办发明电〔2021〕11号
2022-05-07|makeup|劳动节|published|国办发明电〔2021〕11号
2022-06-03|holiday|端午节|published|国办发明电〔2021〕11号
2022-06-04|holiday|端午节|published|国办发明电〔2021〕11号
2022-06-05|holiday|端午节|published|国办发明电〔2021〕11号
2022-09-10|holiday|中秋节|published|国办发明电〔2021〕11号
2022-09-11|holiday|中秋节|published|国办发明电〔2021〕11号
2022-09-12|holiday|中秋节|published|国办发明电〔2021〕11号
2022-10-01|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-02|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-03|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-04|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-05|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-06|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-07|holiday|国庆节|published|国办发明电〔2021〕11号
2022-10-08|makeup|国庆节|published|国办发明电〔2021〕11号
2022-10-09|makeup|国庆节|published|国办发明电〔2021〕11号
2022-12-31|holiday|元旦|published|国办发明电〔2022〕16号
2023-01-01|holiday|元旦|published|国办发明电〔2022〕16号
2023-01-02|holiday|元旦|published|国办发明电〔2022〕16号
2023-01-21|holiday|春节|published|国办发明电〔2022〕16号
2023-01-22|holiday|春节|published|国办发明电〔2022〕16号
2023-01-23|holiday|春节|published|国办发明电〔2022〕16号
2023-01-24|holiday|春节|published|国办发明电〔2022〕16号
2023-01-25|holiday|春节|published|国办发明电〔2022〕16号
2023-01-26|holiday|春节|published|国办发明电〔2022〕16号
2023-01-27|holiday|春节|published|国办发明电〔2022〕16号
2023-01-28|makeup|春节|published|国办发明电〔2022〕16号
2023-01-29|makeup|春节|published|国办发明电〔2022〕16号
2023-04-05|holiday|清明节|published|国办发明电〔2022〕16号
2023-04-23|makeup|劳动节|published|国办发明电〔2022〕16号
2023-04-29|holiday|劳动节|published|国办发明电〔2022〕16号
2023-04-30|holiday|劳动节|published|国办发明电〔2022〕16号
2023-05-01|holiday|劳动节|published|国办发明电〔2022〕16号
2023-05-02|holiday|劳动节|published|国办发明电〔2022〕16号
2023-05-03|holiday|劳动节|published|国办发明电〔2022〕16号
2023-05-06|makeup|劳动节|published|国办发明电〔2022〕16号
2023-06-22|holiday|端午节|published|国办发明电〔2022〕16号
2023-06-23|holiday|端午节|published|国办发明电〔2022〕16号
2023-06-24|holiday|端午节|published|国办发明电〔2022〕16号
2023-06-25|makeup|端午节|published|国办发明电〔2022〕16号
2023-09-29|holiday|中秋节|published|国办发明电〔2022〕16号
2023-09-30|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-01|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-02|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-03|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-04|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-05|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-06|holiday|国庆节|published|国办发明电〔2022〕16号
2023-10-07|makeup|国庆节|published|国办发明电〔2022〕16号
2023-10-08|makeup|国庆节|published|国办发明电〔2022〕16号
2023-12-30|holiday|元旦|published|国办发明电〔2023〕7号
2023-12-31|holiday|元旦|published|国办发明电〔2023〕7号
2024-01-01|holiday|元旦|published|国办发明电〔2023〕7号
2024-02-04|makeup|春节|published|国办发明电〔2023〕7号
2024-02-10|holiday|春节|published|国办发明电〔2023〕7号
2024-02-11|holiday|春节|published|国办发明电〔2023〕7号
2024-02-12|holiday|春节|published|国办发明电〔2023〕7号
2024-02-13|holiday|春节|published|国办发明电〔2023〕7号
2024-02-14|holiday|春节|published|国办发明电〔2023〕7号
2024-02-15|holiday|春节|published|国办发明电〔2023〕7号
2024-02-16|holiday|春节|published|国办发明电〔2023〕7号
2024-02-17|holiday|春节|published|国办发明电〔2023〕7号
2024-02-18|makeup|春节|published|国办发明电〔2023〕7号
2024-04-04|holiday|清明节|published|国办发明电〔2023〕7号
2024-04-05|holiday|清明节|published|国办发明电〔2023〕7号
2024-04-06|holiday|清明节|published|国办发明电〔2023〕7号
2024-04-07|makeup|清明节|published|国办发明电〔2023〕7号
2024-04-28|makeup|劳动节|published|国办发明电〔2023〕7号
2024-05-01|holiday|劳动节|published|国办发明电〔2023〕7号
2024-05-02|holiday|劳动节|published|国办发明电〔2023〕7号
2024-05-03|holiday|劳动节|published|国办发明电〔2023〕7号
2024-05-04|holiday|劳动节|published|国办发明电〔2023〕7号
2024-05-05|holiday|劳动节|published|国办发明电〔2023〕7号
2024-05-11|makeup|劳动节|published|国办发明电〔2023〕7号
2024-06-10|holiday|端午节|published|国办发明电〔2023〕7号
2024-09-14|makeup|中秋节|published|国办发明电〔2023〕7号
2024-09-15|holiday|中秋节|published|国办发明电〔2023〕7号
2024-09-16|holiday|中秋节|published|国办发明电〔2023〕7号
2024-09-17|holiday|中秋节|published|国办发明电〔2023〕7号
2024-09-29|makeup|国庆节|published|国办发明电〔2023〕7号
2024-10-01|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-02|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-03|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-04|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-05|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-06|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-07|holiday|国庆节|published|国办发明电〔2023〕7号
2024-10-12|makeup|国庆节|published|国办发明电〔2023〕7号
2025-01-01|holiday|元旦|published|国办发明电〔2024〕12号
2025-01-26|makeup|春节|published|国办发明电〔2024〕12号
2025-01-28|holiday|春节|published|国办发明电〔2024〕12号
2025-01-29|holiday|春节|published|国办发明电〔2024〕12号
2025-01-30|holiday|春节|published|国办发明电〔2024〕12号
2025-01-31|holiday|春节|published|国办发明电〔2024〕12号
2025-02-01|holiday|春节|published|国办发明电〔2024〕12号
2025-02-02|holiday|春节|published|国办发明电〔2024〕12号
2025-02-03|holiday|春节|published|国办发明电〔2024〕12号
2025-02-04|holiday|春节|published|国办发明电〔2024〕12号
2025-02-08|makeup|春节|published|国办发明电〔2024〕12号
2025-04-04|holiday|清明节|published|国办发明电〔2024〕12号
2025-04-05|holiday|清明节|published|国办发明电〔2024〕12号
2025-04-06|holiday|清明节|published|国办发明电〔2024〕12号
2025-04-27|makeup|劳动节|published|国办发明电〔2024〕12号
2025-05-01|holiday|劳动节|published|国办发明电〔2024〕12号
2025-05-02|holiday|劳动节|published|国办发明电〔2024〕12号
2025-05-03|holiday|劳动节|published|国办发明电〔2024〕12号
2025-05-04|holiday|劳动节|published|国办发明电〔2024〕12号
2025-05-05|holiday|劳动节|published|国办发明电〔2024〕12号
2025-05-31|holiday|端午节|published|国办发明电〔2024〕12号
2025-06-01|holiday|端午节|published|国办发明电〔2024〕12号
2025-06-02|holiday|端午节|published|国办发明电〔2024〕12号
2025-09-28|makeup|国庆节|published|国办发明电〔2024〕12号
2025-10-01|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-02|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-03|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-04|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-05|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-06|holiday|中秋节|published|国办发明电〔2024〕12号
2025-10-07|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-08|holiday|国庆节|published|国办发明电〔2024〕12号
2025-10-11|makeup|国庆节|published|国办发明电〔2024〕12号
2026-01-01|holiday|元旦|published|国办发明电〔2025〕7号
2026-01-02|holiday|元旦|published|国办发明电〔2025〕7号
2026-01-03|holiday|元旦|published|国办发明电〔2025〕7号
2026-01-04|makeup|元旦|published|国办发明电〔2025〕7号
2026-02-14|makeup|春节|published|国办发明电〔2025〕7号
2026-02-15|holiday|春节|published|国办发明电〔2025〕7号
2026-02-16|holiday|春节|published|国办发明电〔2025〕7号
2026-02-17|holiday|春节|published|国办发明电〔2025〕7号
2026-02-18|holiday|春节|published|国办发明电〔2025〕7号
2026-02-19|holiday|春节|published|国办发明电〔2025〕7号
2026-02-20|holiday|春节|published|国办发明电〔2025〕7号
2026-02-21|holiday|春节|published|国办发明电〔2025〕7号
2026-02-22|holiday|春节|published|国办发明电〔2025〕7号
2026-02-23|holiday|春节|published|国办发明电〔2025〕7号
2026-02-28|makeup|春节|published|国办发明电〔2025〕7号
2026-04-04|holiday|清明节|published|国办发明电〔2025〕7号
2026-04-05|holiday|清明节|published|国办发明电〔2025〕7号
2026-04-06|holiday|清明节|published|国办发明电〔2025〕7号
2026-05-01|holiday|劳动节|published|国办发明电〔2025〕7号
2026-05-02|holiday|劳动节|published|国办发明电〔2025〕7号
2026-05-03|holiday|劳动节|published|国办发明电〔2025〕7号
2026-05-04|holiday|劳动节|published|国办发明电〔2025〕7号
2026-05-05|holiday|劳动节|published|国办发明电〔2025〕7号
2026-05-09|makeup|劳动节|published|国办发明电〔2025〕7号
2026-06-19|holiday|端午节|published|国办发明电〔2025〕7号
2026-06-20|holiday|端午节|published|国办发明电〔2025〕7号
2026-06-21|holiday|端午节|published|国办发明电〔2025〕7号
2026-09-20|makeup|国庆节|published|国办发明电〔2025〕7号
2026-09-25|holiday|中秋节|published|国办发明电〔2025〕7号
2026-09-26|holiday|中秋节|published|国办发明电〔2025〕7号
2026-09-27|holiday|中秋节|published|国办发明电〔2025〕7号
2026-10-01|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-02|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-03|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-04|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-05|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-06|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-07|holiday|国庆节|published|国办发明电〔2025〕7号
2026-10-10|makeup|国庆节|published|国办发明电〔2025〕7号
2027-01-01|holiday|元旦|estimated|
2027-02-05|holiday|春节|estimated|
2027-02-06|holiday|春节|estimated|
2027-02-07|holiday|春节|estimated|
2027-02-08|holiday|春节|estimated|
2027-02-09|holiday|春节|estimated|
2027-02-10|holiday|春节|estimated|
2027-04-05|holiday|清明节|estimated|
2027-05-01|holiday|劳动节|estimated|
2027-05-02|holiday|劳动节|estimated|
2027-05-03|holiday|劳动节|estimated|
2027-05-04|holiday|劳动节|estimated|
2027-06-09|holiday|端午节|estimated|
2027-09-15|holiday|中秋节|estimated|
2027-10-01|holiday|国庆节|estimated|
2027-10-02|holiday|国庆节|estimated|
2027-10-03|holiday|国庆节|estimated|
2027-10-04|holiday|国庆节|estimated|
2027-10-05|holiday|国庆节|estimated|
2028-01-01|holiday|元旦|estimated|
2028-01-03|holiday|元旦|estimated|
2028-01-25|holiday|春节|estimated|
2028-01-26|holiday|春节|estimated|
2028-01-27|holiday|春节|estimated|
2028-01-28|holiday|春节|estimated|
2028-04-04|holiday|清明节|estimated|
2028-05-01|holiday|劳动节|estimated|
2028-05-02|holiday|劳动节|estimated|
2028-05-28|holiday|端午节|estimated|
2028-05-29|holiday|端午节|estimated|
2028-10-01|holiday|国庆节|estimated|
2028-10-02|holiday|国庆节|estimated|
2028-10-03|holiday|国庆节、中秋节|estimated|
2028-10-04|holiday|国庆节|estimated|
2029-01-01|holiday|元旦|estimated|
2029-02-12|holiday|春节|estimated|
2029-02-13|holiday|春节|estimated|
2029-02-14|holiday|春节|estimated|
2029-02-15|holiday|春节|estimated|
2029-04-04|holiday|清明节|estimated|
2029-05-01|holiday|劳动节|estimated|
2029-05-02|holiday|劳动节|estimated|
2029-06-16|holiday|端午节|estimated|
2029-06-18|holiday|端午节|estimated|
2029-09-22|holiday|中秋节|estimated|
2029-09-24|holiday|中秋节|estimated|
2029-10-01|holiday|国庆节|estimated|
2029-10-02|holiday|国庆节|estimated|
2029-10-03|holiday|国庆节|estimated|
2030-01-01|holiday|元旦|estimated|
2030-02-02|holiday|春节|estimated|
2030-02-03|holiday|春节|estimated|
2030-02-04|holiday|春节|estimated|
2030-02-05|holiday|春节|estimated|
2030-02-06|holiday|春节|estimated|
2030-02-07|holiday|春节|estimated|
2030-04-05|holiday|清明节|estimated|
2030-05-01|holiday|劳动节|estimated|
2030-05-02|holiday|劳动节|estimated|
2030-06-05|holiday|端午节|estimated|
2030-09-12|holiday|中秋节|estimated|
2030-10-01|holiday|国庆节|estimated|
2030-10-02|holiday|国庆节|estimated|
2030-10-03|holiday|国庆节|estimated|
"""

# code | valid from | name | level | parent | valid to | successors
AREAS_SHIPPED = """
3601|0001-01-01|南昌市|city|||
360102|0001-01-01|东湖区|county|3601||
360103|0001-01-01|西湖区|county|3601||
360104|0001-01-01|青云谱区|county|3601||
360105|0001-01-01|湾里区|county|3601|2020-06-27|360112
360111|0001-01-01|青山湖区|county|3601||
360112|0001-01-01|新建区|county|3601||
360113|2020-06-28|红谷滩区|county|3601||
360121|0001-01-01|南昌县|county|3601||
360123|0001-01-01|安义县|county|3601||
360124|0001-01-01|进贤县|county|3601||
360102002|0001-01-01|滕王阁街道|township|360102||
360102004|0001-01-01|百花洲街道|township|360102||
360102005|0001-01-01|墩子塘街道|township|360102||
360102006|0001-01-01|大院街道|township|360102||
360102007|0001-01-01|豫章街道|township|360102||
360102008|0001-01-01|董家窑街道|township|360102||
360102009|0001-01-01|彭家桥街道|township|360102||
360102100|0001-01-01|扬子洲镇|township|360102||
360102400|0001-01-01|贤士湖管理处|township|360102||
360102401|0001-01-01|扬农管理处|township|360102||
360103001|0001-01-01|南浦街道|township|360103||
360103002|0001-01-01|朝阳洲街道|township|360103||
360103004|0001-01-01|广润门街道|township|360103||
360103005|0001-01-01|西湖街道|township|360103|2022-07-31|360103004
360103006|0001-01-01|系马桩街道|township|360103|2022-07-31|360103001
360103007|0001-01-01|绳金塔街道|township|360103||
360103009|0001-01-01|丁公路街道|township|360103||
360103010|0001-01-01|南站街道|township|360103||
360103011|0001-01-01|桃源街道|township|360103||
360103012|0001-01-01|十字街街道|township|360103|2022-07-31|360103007
360103013|2018-10-31|朝农街道|township|360103||
360103014|2022-08-01|桃花街道|township|360103||
360103015|2022-08-01|九洲街道|township|360103||
360103101|0001-01-01|桃花镇|township|360103|2022-07-31|360103014,360103015
360103400|0001-01-01|朝农管理处|township|360103|2018-10-30|360103013
360104002|0001-01-01|洪都街道|township|360104||
360104006|0001-01-01|京山街道|township|360104||
360104007|0001-01-01|三家店街道|township|360104||
360104008|0001-01-01|岱山街道|township|360104||
360104009|0001-01-01|徐家坊街道|township|360104||
360104100|0001-01-01|青云谱镇|township|360104||
360104400|0001-01-01|江西青云谱新经济产业集聚区|township|360104||
360111001|0001-01-01|青山路街道|township|360111||
360111003|0001-01-01|上海路街道|township|360111||
360111004|0001-01-01|南钢街道|township|360111||
360111005|0001-01-01|站东街道|township|360111||
360111100|0001-01-01|京东镇|township|360111||
360111103|0001-01-01|罗家镇|township|360111||
360111104|0001-01-01|湖坊镇|township|360111||
360111105|0001-01-01|塘山镇|township|360111||
360111400|0001-01-01|江西青山湖高新技术产业园区|township|360111||
360111490|0001-01-01|艾溪湖管理处|township|360111||
360112001|2020-06-28|站前街道|township|360112||
360112002|2020-06-28|幸福街道|township|360112||
360112003|0001-01-01|蛟桥街道|township|360112||
360112004|0001-01-01|长堎街道|township|360112||
360112005|0001-01-01|欣悦湖街道|township|360112||
360112101|0001-01-01|望城镇|township|360112||
360112103|0001-01-01|西山镇|township|360112||
360112104|0001-01-01|石岗镇|township|360112||
360112105|0001-01-01|松湖镇|township|360112||
360112106|0001-01-01|樵舍镇|township|360112||
360112107|0001-01-01|乐化镇|township|360112||
360112108|0001-01-01|溪霞镇|township|360112||
360112109|0001-01-01|象山镇|township|360112||
360112110|0001-01-01|石埠镇|township|360112||
360112111|0001-01-01|联圩镇|township|360112||
360112113|2020-06-28|太平镇|township|360112||
360112114|2020-06-28|罗亭镇|township|360112||
360112115|2020-06-28|招贤镇|township|360112||
360112116|2020-06-28|梅岭镇|township|360112||
360112204|0001-01-01|金桥乡|township|360112||
360112205|0001-01-01|铁河乡|township|360112||
360112206|0001-01-01|大塘坪乡|township|360112||
360112207|0001-01-01|昌邑乡|township|360112||
360112208|0001-01-01|南矶乡|township|360112||
360112400|0001-01-01|恒湖垦殖场|township|360112||
360112402|0001-01-01|成新实业有限公司|township|360112||
360112403|0001-01-01|朱港实业有限公司|township|360112||
360112404|0001-01-01|江西新建经济开发区|township|360112||
360112405|0001-01-01|洗药湖管理处|township|360112||
360112460|0001-01-01|江西桑海集团有限公司|township|360112||
360112461|0001-01-01|新祺周管理处|township|360112||
360112481|0001-01-01|白水湖管理处|township|360112||
360112482|0001-01-01|冠山管理处|township|360112||
360112502|0001-01-01|新丰管理处|township|360112||
360113001|2020-06-28|沙井街道|township|360113||
360113002|2020-06-28|卫东街道|township|360113||
360113003|2020-06-28|生米街道|township|360113||
360113004|2020-06-28|凤凰洲街道|township|360113||
360113005|2020-06-28|红角洲街道|township|360113||
360113006|2020-06-28|九龙湖街道|township|360113||
360113007|2020-06-28|龙兴街道|township|360113||
360113101|2020-06-28|流湖镇|township|360113||
360113200|2020-06-28|厚田乡|township|360113||
360121001|0001-01-01|八月湖街道|township|360121||
360121100|0001-01-01|莲塘镇|township|360121||
360121101|0001-01-01|向塘镇|township|360121||
360121102|0001-01-01|三江镇|township|360121||
360121103|0001-01-01|塘南镇|township|360121||
360121104|0001-01-01|幽兰镇|township|360121||
360121105|0001-01-01|蒋巷镇|township|360121||
360121106|0001-01-01|武阳镇|township|360121||
360121107|0001-01-01|冈上镇|township|360121||
360121108|0001-01-01|广福镇|township|360121||
360121191|0001-01-01|昌东镇|township|360121||
360121192|0001-01-01|麻丘镇|township|360121||
360121200|0001-01-01|泾口乡|township|360121||
360121201|0001-01-01|南新乡|township|360121||
360121202|0001-01-01|塔城乡|township|360121||
360121203|0001-01-01|黄马乡|township|360121||
360121204|0001-01-01|富山乡|township|360121||
360121205|0001-01-01|东新乡|township|360121||
360121206|0001-01-01|八一乡|township|360121||
360121403|0001-01-01|小蓝经济开发区|township|360121||
360121404|0001-01-01|南昌航空城|township|360121||
360121471|0001-01-01|南昌县银三角管理委员会|township|360121||
360121501|0001-01-01|鲤鱼洲管理处|township|360121||
360121572|0001-01-01|江西省良种繁殖场|township|360121||
360123100|0001-01-01|龙津镇|township|360123||
360123101|0001-01-01|万埠镇|township|360123||
360123102|0001-01-01|石鼻镇|township|360123||
360123103|0001-01-01|鼎湖镇|township|360123||
360123104|0001-01-01|长埠镇|township|360123||
360123105|0001-01-01|东阳镇|township|360123||
360123106|0001-01-01|黄洲镇|township|360123||
360123200|0001-01-01|乔乐乡|township|360123||
360123201|0001-01-01|长均乡|township|360123||
360123202|0001-01-01|新民乡|township|360123||
360123402|0001-01-01|江西安义工业园区|township|360123||
360123501|0001-01-01|国营万埠垦殖场|township|360123||
360124100|0001-01-01|民和镇|township|360124||
360124101|0001-01-01|李渡镇|township|360124||
360124102|0001-01-01|温圳镇|township|360124||
360124103|0001-01-01|文港镇|township|360124||
360124104|0001-01-01|梅庄镇|township|360124||
360124105|0001-01-01|张公镇|township|360124||
360124106|0001-01-01|罗溪镇|township|360124||
360124107|0001-01-01|架桥镇|township|360124||
360124108|0001-01-01|前坊镇|township|360124||
360124200|0001-01-01|三里乡|township|360124||
360124201|0001-01-01|二塘乡|township|360124||
360124202|0001-01-01|钟陵乡|township|360124||
360124203|0001-01-01|池溪乡|township|360124||
360124204|0001-01-01|南台乡|township|360124||
360124205|0001-01-01|三阳集乡|township|360124||
360124206|0001-01-01|七里乡|township|360124||
360124207|0001-01-01|下埠集乡|township|360124||
360124208|0001-01-01|衙前乡|township|360124||
360124209|0001-01-01|白圩乡|township|360124||
360124210|0001-01-01|长山晏乡|township|360124||
360124211|0001-01-01|泉岭乡|township|360124||
360124401|0001-01-01|江西进贤经济开发区管理委员会|township|360124||
360124500|0001-01-01|五里垦殖场|township|360124||
"""

# source | stage | amount | unit | whether the first day counts | from | to | basis
LIMITS_SHIPPED = """
|acknowledge|1|working_day|no|2018-01-01||区整改办内部办理时限（可在期限规则中修改）
|return_request|2|working_day|no|2018-01-01||派单异议惯例：收到后2个工作日内说明理由申请退回（可修改）
H12369|return_request|5|working_day|no|2005-05-01|2022-04-30|《信访条例》(2005年)：收到后5个工作日内提出异议
H12369|return_request|5|working_day|no|2022-05-01||《信访工作条例》第二十三条：收到后5个工作日内提出异议
|rectify|15|working_day|no|2018-01-01||区整改办内部办理时限（可在期限规则中修改）
D3JX|rectify|10|calendar_day|no|2018-01-01||督察组交办要求的反馈时限（各批次不同，默认10日，可修改）
D2JX|rectify|10|calendar_day|no|2018-01-01||督察组交办要求的反馈时限（各批次不同，默认10日，可修改）
PSJX|rectify|10|calendar_day|no|2018-01-01||督察组交办要求的反馈时限（各批次不同，默认10日，可修改）
H12345|rectify|5|working_day|no|2018-01-01||12345热线工单办理时限（地方规定不一，默认5个工作日，可修改）
H12369|rectify|60|calendar_day|no|2005-05-01|2022-04-30|《信访条例》(2005年)：自受理之日起60日内办结
H12369|rectify|60|calendar_day|no|2022-05-01||《信访工作条例》第三十四条：自受理之日起60日内办结
PATROL|rectify|7|calendar_day|no|2018-01-01||巡查问题每周调度销号，默认7日（可修改）
RAIL|rectify|7|calendar_day|no|2018-01-01||铁路沿线问题每周调度销号，默认7日（可修改）
|verify|5|working_day|no|2018-01-01||区整改办内部办理时限（可在期限规则中修改）
|close|5|working_day|no|2018-01-01||区整改办内部办理时限（可在期限规则中修改）
|notice|10|working_day|yes|2018-01-01||整改销号公示期10个工作日（首尾两日均计入）
|phase|30|calendar_day|no|2018-01-01||阶段性办结后至少每30日复核一次进展（可修改）
"""

# key | name | kind | channel | whether a notice is required | what a submission, a verification and a closing must show
SOURCES_SHIPPED = """
D3JX|第三轮中央生态环境保护督察信访件|inspection|transfer|no|after_photo|onsite_record|after_photo,onsite_record
D2JX|第二轮中央生态环境保护督察信访件|inspection|transfer|yes|after_photo|onsite_record|after_photo,onsite_record
PSJX|省级生态环境保护督察信访件|inspection|transfer|no|after_photo|onsite_record|after_photo,onsite_record
H12345|12345热线工单|hotline|hotline|no|after_photo|onsite_record|after_photo,onsite_record
H12369|环境信访举报|hotline|phone|no|after_photo|onsite_record|after_photo,onsite_record
MSG|网络留言|message|web|no|after_photo|onsite_record|after_photo,onsite_record
PATROL|日常巡查问题|patrol|patrol|no|before_after_pair|onsite_record,onsite_photo|before_after_pair,onsite_record,onsite_photo
RAIL|铁路沿线环境问题|patrol|train|no|before_after_pair|onsite_record,onsite_photo|before_after_pair,onsite_record,onsite_photo
CHICAGO|外地公开样例（芝加哥）|sample|web|no|after_photo|onsite_record|after_photo,onsite_record
"""


def cells(table: str) -> Iterator[list[str]]:
    """The rows of a table as written above."""
    for line in table.strip().splitlines():
        yield line.split("|")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.insert(DAYS), [
        {"day": day(on), "kind": kind, "name": name, "source": source, "notice": notice}
        for on, kind, name, source, notice in cells(DAYS_SHIPPED)
    ])
    bind.execute(sa.insert(AREAS), [
        {"code": code, "valid_from": day(first), "name": name, "level": level, "parent_code": parent, "valid_to": day(last),
         "successors": successors}
        for code, first, name, level, parent, last, successors in cells(AREAS_SHIPPED)
    ])
    bind.execute(sa.insert(LIMITS), [
        {"source_key": source, "stage": stage, "amount": int(amount), "unit": unit, "is_first_day_counted": first == "yes",
         "basis": basis, "effective_from": day(since), "effective_to": day(until)}
        for source, stage, amount, unit, first, since, until, basis in cells(LIMITS_SHIPPED)
    ])
    kept = set(bind.scalars(sa.select(RULES.c.key)))  # those that cases rest on outlive a downgrade
    missing = [
        {"key": key, "name": name, "kind": kind, "channel": channel, "is_notice_required": notice == "yes", "submit_gate": submit,
         "verify_gate": verify, "close_gate": close, "valid_from": GO_LIVE, "valid_to": None}
        for key, name, kind, channel, notice, submit, verify, close in cells(SOURCES_SHIPPED) if key not in kept
    ]
    if missing:
        bind.execute(sa.insert(RULES), missing)


def downgrade() -> None:
    bind = op.get_bind()
    used = sa.text("id NOT IN (SELECT source_id FROM cases UNION SELECT source_id FROM import_batches)")
    bind.execute(sa.delete(RULES).where(used))
    for table in (LIMITS, AREAS, DAYS):
        bind.execute(sa.delete(table))
