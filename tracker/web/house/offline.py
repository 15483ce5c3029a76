"""What lets the product be put on a home screen and opened without a network: the worker and the manifest."""

import json
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.gateways.house.charts import square_png
from tracker.web.house.drawing.speed.addresses import asset
from tracker.web.house.guard import public
from tracker.web.house.script_answers import Told, told

blueprint = Blueprint("offline", __name__)

# What the pages that open without a network are made of.
SHELL = (
    "vendor/bootstrap/bootstrap.min.css", "css/tokens.css", "css/base.css", "css/layout.css", "css/components.css",
    "css/print.css", "css/case.css",
    "css/drafts.css", "img/favicon.svg", "js/no_network.js", "vendor/idb/umd.js", "js/store.js", "js/queue.js", "js/offline.js",
    "js/photos.js",
    "js/drafts.js", "js/draft_list.js", "css/log.css", "js/questions.js", "js/locate.js", "js/near.js", "js/log.js",
    "js/sighting.js", "js/here.js",
)
ICON_SIZES = (180, 192, 512)
WORKS_WITH = ("vendor/idb/umd.js", "js/store.js", "js/queue.js")


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The worker with the addresses of what it keeps; a new one as soon as any of them changes."""
    offline, unsent = no_network_address(False), no_network_address(True)
    told_first = {
        "shell": [*(asset(name) for name in SHELL), offline, unsent], "offline": offline, "unsent": unsent,
        "scripts": [asset(name) for name in WORKS_WITH],
        "pages": [url_for("cases.new"), url_for("drafts.drafts")], "forms": _forms_outside(),
        "doors": [url_for("accounts.sign_in"), url_for("accounts.sign_out")],
        "addresses": {"session": url_for("drafts.session"), "uploads": url_for("uploads.receive"),
                      "cases": url_for("cases.create")},
    }
    program = Path(current_app.static_folder or "", "js", "sw.js").read_text()
    response = Response(f"const KNOWN = {json.dumps(told_first)};\n{program}", mimetype="text/javascript")
    response.headers |= {"Cache-Control": "no-cache", "Service-Worker-Allowed": url_for("home.desk")}
    return response


def _forms_outside() -> str:
    """The pattern of the addresses of steps that are taken on the spot."""
    names = "|".join(name for name, step in CASE_FLOW.steps.items() if step.is_outside)
    acts = [(flow.kind, step) for flow in ACT_FLOWS.values() for step in flow.steps if step.is_outside]
    later, begun = "|".join({step.name: "" for _, step in acts if not step.opens}), "|".join(
        kind for kind, step in acts if step.opens)
    asked = ((url_for("steps.ask", number="NUMBER", step="STEP"), names),
             (url_for("acts.take", number="NUMBER", step="STEP"), later),
             (url_for("acts.begin", kind="STEP"), begun))
    return "|".join(f"^{address}$".replace("NUMBER", "[^/]+").replace("STEP", f"({every})") for address, every in asked)


@blueprint.get("/offline")
@public
def no_network() -> str:
    """What stands in place of a page that cannot be had; of a form that could not be sent, where `unsent` is asked for."""
    return render_template("cases/drafts/no_network.html", is_unsent="unsent" in request.args)


def no_network_address(is_unsent: bool) -> str:
    """Its address in the reader's language, a new one as soon as the page is another."""
    page = render_template("cases/drafts/no_network.html", is_unsent=is_unsent)
    return url_for("offline.no_network", v=sha256(page.encode()).hexdigest()[:12], unsent="1" if is_unsent else None)


@blueprint.get("/icon-<int:size>.png")
@public
def icon(size: int) -> Response:
    """The mark of the product as a picture, for the home screens that show no drawing; it fills its square."""
    if size not in ICON_SIZES:
        abort(404)
    drawing = Path(current_app.static_folder or "", "img", "favicon.svg").read_text()
    response = Response(square_png(drawing.replace('rx="12"', 'rx="0"'), size), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Told:
    """What a phone asks before it puts the product on its home screen."""
    icons = [{"src": asset("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"}]
    icons += [{"src": url_for("offline.icon", size=size), "type": "image/png", "sizes": f"{size}x{size}",
               "purpose": "any maskable"}
              for size in ICON_SIZES]
    response, status = told(
        200, name="销号 · 环境问题闭环管理", short_name="销号", start_url=url_for("home.desk"), scope=url_for("home.desk"),
        display="standalone",
        background_color="#f4f3ef", theme_color="#1c4a66", icons=icons,
        shortcuts=[{"name": "登记问题", "url": url_for("cases.new")}])
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response, status
