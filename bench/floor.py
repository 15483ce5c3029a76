"""The floor: bare Flask views of the same rows and bytes. No sign-in, no rights, no forms, no facts checked; SQLAlchemy Core,
Jinja.

Each view runs the fewest statements that fetch or write what the product's page shows or keeps, on a copy of the same database
with the same indexes. `pad` makes a page as long as the product's.
"""

import json
import os
from datetime import UTC, date, datetime

from flask import Flask, redirect, request
from sqlalchemy import create_engine, text
from werkzeug.wrappers import Response

from tracker.storage.house.base import set_up_engine

app = Flask(__name__)
engine = create_engine(os.environ["BENCH_FLOOR_URL"])
set_up_engine(engine)

LIST = """
SELECT c.id, c.number, c.title, c.state, c.due_on, c.list_due_on, c.is_due_provisional, c.is_key, c.place, c.area_text,
       s.name AS source, c.source_number, u.name AS unit, c.received_on, c.supervision_level, a.name AS area
FROM (SELECT id FROM cases WHERE {where} ORDER BY list_due_on, id LIMIT 50) AS k
JOIN cases AS c ON c.id = k.id
JOIN sources AS s ON s.id = c.source_id LEFT JOIN units AS u ON u.id = c.lead_unit_id
LEFT JOIN areas AS a ON a.code = c.area_code AND a.valid_to IS NULL
ORDER BY c.list_due_on, c.id
"""
LIST_PAGE = """<!doctype html><html lang="zh-CN"><title>台账</title><table>
{% for c in rows %}<tr><td><a href="/cases/{{ c.number }}">{{ c.number }}</a><td>{{ c.title }}<td>{{ c.state }}<td>{{ c.due_on }}
<td>{{ c.unit or '' }}<td>{{ c.source }}<td>{{ c.source_number }}<td>{{ c.place }}<td>{{ c.area or c.area_text }}
<td>{{ c.received_on }}
<td>{{ c.supervision_level or '' }}{% if c.is_key %}重点{% endif %}{% if c.is_due_provisional %}暂定{% endif %}
{% endfor %}</table><!--{{ pad }}-->"""
CASE = """
SELECT c.*, s.name AS source, u.name AS unit FROM cases AS c JOIN sources AS s ON s.id = c.source_id
LEFT JOIN units AS u ON u.id = c.lead_unit_id WHERE c.number = :number
"""
FACTS = """
SELECT f.seq, f.kind, f.at, f.body, f.digest, p.name AS actor FROM facts AS f LEFT JOIN people AS p ON p.id = f.actor_id
WHERE f.stream = :stream ORDER BY f.seq
"""
EVIDENCE = "SELECT id, role, original_name, size, digest, uploaded_at FROM evidence WHERE subject = :stream ORDER BY id"
CASE_PAGE = """<!doctype html><html lang="zh-CN"><title>{{ c.number }}</title><h1>{{ c.title }}</h1><p>{{ c.description }}</p><dl>
{% for name in c._fields %}{% if c[loop.index0] is not none %}<dt>{{ name }}<dd>{{ c[loop.index0] }}{% endif %}{% endfor %}
</dl><ol>
{% for f in facts %}<li>{{ f.seq }} {{ f.kind }} {{ f.at }} {{ f.actor }} {{ f.digest }}<p>{{ f.body }}</p>{% endfor %}</ol>
{% for e in evidence %}<p>{{ e.id }} {{ e.role }} {{ e.original_name }} {{ e.size }} {{ e.digest }}</p>{% endfor %}
<!--{{ pad }}-->"""
ACT_LIST = """
SELECT k.id, k.number, k.kind, k.subkind, k.state, k.title, coalesce(a.name, k.area_code) AS area, u.name AS unit, k.began_on,
       k.list_due_on
FROM (SELECT k.* FROM acts AS k WHERE k.is_over = :over {state} AND k.area_code >= '360103' AND k.area_code < '360104'
      ORDER BY {order} LIMIT 51) AS k
LEFT JOIN units AS u ON u.id = k.unit_id LEFT JOIN areas AS a ON a.code = k.area_code ORDER BY {order}
"""
ACT_COUNTS = """
SELECT kind, count(*) FROM acts WHERE is_over = :over AND area_code >= '360103' AND area_code < '360104' GROUP BY kind
"""
ACTS_PAGE = """<!doctype html><html lang="zh-CN"><title>联动事项</title><p>{{ counts }}<table>
{% for a in rows %}<tr><td><a href="/acts/{{ a.number }}">{{ a.title }}</a> {{ a.number }}<td>{{ a.kind }}<td>{{ a.state }}
<td>{{ a.area }}<td>{{ a.unit or '' }}<td>{{ a.began_on }}<td>{{ a.list_due_on }}
{% endfor %}</table><!--{{ pad }}-->"""
app.jinja_env.autoescape = True
TEMPLATES = {name: app.jinja_env.from_string(page) for name, page in (  # compiled once
    ("list", LIST_PAGE), ("case", CASE_PAGE), ("acts", ACTS_PAGE))}
CREATE = """
INSERT INTO cases (number, state, seq, round, history, source_id, is_key, batch_label, channel, title, description, place,
  area_code, area_text, jurisdiction, received_on, registered_at, registered_by_id, is_designated, list_due_on,
  is_due_provisional, return_count, extension_count, has_no_work_basis, reopen_count, is_look_back_failed)
VALUES (:number, 'registered', 1, 1, 'own', 1, :no, '', 'phone', :title, :description, :place, :area_code, '', :area_code, :on,
  :at, 1, :no, '9999-12-31', :no, 0, 0, :no, 0, :no) RETURNING id
"""
DRAW = (
    "INSERT INTO counters (key, last) VALUES ('floor', 1) "
        "ON CONFLICT (key) DO UPDATE SET last = counters.last + 1 RETURNING last")
CATEGORY = "INSERT INTO case_categories (case_id, category) VALUES (:id, :category)"
STEP = "UPDATE cases SET state = 'rectifying', seq = seq + 1, acknowledged_at = :at WHERE number = :number"
FACT = """
INSERT INTO facts (stream, seq, kind, actor_id, at, body, previous, digest)
VALUES (:stream, :seq, :kind, 1, :at, :body, :hash, :hash)
"""


@app.get("/list")
def show_list() -> str:
    """Fifty cases of a unit, of states, after a place in the order by due date, or with some text in the title."""
    given = dict(request.args)
    where = [condition for name, condition in CONDITIONS.items() if given.get(name)]
    if given.get("state"):
        where.append("state IN ('" + "','".join(given["state"].split(",")) + "')")
    if after := given.get("after"):
        given["due"], _, given["last"] = after.rpartition(".")
        where.append("(list_due_on > :due OR (list_due_on = :due AND id > :last))" if engine.dialect.name == "sqlite"
                     else "(list_due_on, id) > (CAST(:due AS date), CAST(:last AS bigint))")
        where.append("list_due_on >= :due")
    with engine.connect() as connection:
        rows = connection.execute(text(LIST.format(where=" AND ".join(where) or "1=1")), given).all()
    return TEMPLATES["list"].render(rows=rows, pad="·" * _pad())


CONDITIONS = {"unit": "lead_unit_id = :unit", "q": "title LIKE '%' || :q || '%'"}


@app.get("/acts")
def show_acts() -> str:
    """Fifty acts that go on by what is owed next, with how many there are of each kind; or those that are over, the newest
    first."""
    is_over = request.args.get("over") == "1"
    order = "k.id DESC" if is_over else "k.list_due_on, k.id"
    asked = {name: request.args[name] for name in ("kind", "state") if name in request.args}
    state = "".join(f" AND k.{name} = :{name}" for name in asked)
    with engine.connect() as connection:
        rows = connection.execute(text(ACT_LIST.format(order=order, state=state)), {"over": is_over, **asked}).all()
        counts = [] if is_over else connection.execute(text(ACT_COUNTS), {"over": is_over}).all()
    return TEMPLATES["acts"].render(rows=rows[:50], counts=counts, pad="·" * _pad())


@app.get("/case/<number>")
def show_case(number: str) -> str:
    """The row, its facts and its files."""
    with engine.connect() as connection:
        case = connection.execute(text(CASE), {"number": number}).one()
        facts = connection.execute(text(FACTS), {"stream": f"case:{number}"}).all()
        files = connection.execute(text(EVIDENCE), {"stream": f"case:{number}"}).all()
    return TEMPLATES["case"].render(c=case, facts=facts, evidence=files, pad="·" * _pad())


@app.post("/create")
def create() -> Response:
    """What a case is at the least: a number drawn, its row, its type and its fact; the four statements of the floor in
    `speed.md`."""
    form, at = request.form, _instant(datetime.now(UTC))
    values = {name: form[name] for name in ("title", "description", "place", "area_code")}
    with engine.begin() as connection:
        number = f"FLOOR-{connection.execute(text(DRAW)).scalar_one():08}"
        made = connection.execute(text(CREATE), values | {"number": number, "on": date.today().isoformat(), "at": at,
                                                          "no": False})
        connection.execute(text(CATEGORY), {"id": made.scalar_one(), "category": form["categories"]})
        connection.execute(text(FACT), {"stream": f"case:{number}", "seq": 1, "kind": "case:registered", "at": at,
                                        "hash": "0" * 64,
                                        "body": json.dumps({"set": {"registered_at": at}, "text_digests": values},
                                                           ensure_ascii=False)})
    return redirect(f"/case/{number}")


@app.post("/step/<number>")
def step(number: str) -> Response:
    """A bare update and a bare insert."""
    at = _instant(datetime.now(UTC))
    with engine.begin() as connection:
        connection.execute(text(STEP), {"number": number, "at": at})
        connection.execute(text(FACT), {"stream": f"case:{number}", "seq": int(request.form["seq"]) + 1,
                                        "kind": "case:acknowledged",
                                        "at": at, "body": f'{{"set":{{"acknowledged_at":"{at}"}}}}', "hash": "0" * 64})
    return redirect(f"/case/{number}")


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if engine.dialect.name == "sqlite" else at.isoformat()


def _pad() -> int:
    """`·` is two bytes long."""
    return int(request.args.get("pad", 0)) // 2
