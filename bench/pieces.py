"""Everything in the product that is only there for speed, one line each. `tests/house/test_speed.py` compares it with the code,
and `./run bench --only machinery` measures each with and without on the same work."""

from dataclasses import dataclass

# A piece that saves less than this of what it serves is not worth its code, and goes.
WORTH = 1.1
CODE = "as long as the process: it depends on its arguments and the code alone"
FILES = "as long as the process: files of the product change with a restart alone"
RULES = "until a rule, a unit, a saved view or the day changes, in every process"
FACTS = "until the next fact, half a minute at most"
OBJECT = "as long as its object, which never changes"


@dataclass(frozen=True)
class Piece:
    """A cache, a slot or a rewritten template. Its name is what `create_app(…, without=…)` knows it by, or, with dots, the place
    of a function that remembers its answers or of a class that remembers its indexes. `serves` are works of `bench.works`."""

    name: str
    serves: tuple[str, ...]
    holds: str
    even_so: str = ""  # why it stays where it saves less than is worth its code: a statement is a journey to PostgreSQL


PIECES = (
    # What draws, in `tracker/web/house/drawing`.
    Piece("templates", ("case", "list", "english-case"),
          "as long as the process, apart for each language: templates change with a restart alone"),
    Piece("rows", ("list", "own"), RULES),
    Piece("fragments", ("list", "desk"), RULES),
    Piece("tracker.web.house.drawing.speed.addresses._asset_address", ("list", "case"), FILES),
    Piece("tracker.web.house.drawing.speed.addresses._page_address", ("list",), CODE),
    Piece("tracker.web.house.drawing.speed.addresses._address_around", ("case",), CODE),
    Piece("tracker.web.house.drawing.languages.catalogue_of", ("english", "english-case", "english-dashboard"), FILES),
    # Values of the database, in `tracker/services/house/caching.py`.
    Piece("calendar", ("list", "case"), RULES),
    Piece("gazetteer", ("create",), RULES),
    Piece("categories", ("list", "new"), RULES),
    Piece("offices", ("desk",), RULES, "which office's home this is, many pages ask"),
    Piece("limits", ("create", "desk"), RULES, "asked for each case that waits to be assigned"),
    Piece("rule_values", ("list", "case"), RULES),
    Piece("assign_clock_began", ("desk",), RULES, "asked for each case that waits to be assigned"),
    Piece("unit_lines", ("own", "list"), RULES, "on PostgreSQL"),
    Piece("choices", ("list", "new"), RULES),
    Piece("tracker.web.cases.register.forms.asking_class", ("new",), CODE),
    Piece("views", ("list",), RULES, "on PostgreSQL"),
    Piece("places", ("place",), RULES),
    Piece("boundaries", ("map",), RULES, "on PostgreSQL"),
    Piece("tiles", ("map",), RULES, "on PostgreSQL"),
    Piece("boundaries_drawn", ("districts",), RULES),
    Piece("boundaries_found", ("where",), RULES),
    Piece("outlines", ("where",), RULES),
    Piece("register_counts", ("list", "own"), FACTS),
    Piece("desk", ("desk", "lead-desk"), FACTS),
    Piece("desk_numbers", ("desk", "lead-desk"), FACTS, "the same for all who see the same, where the desks differ"),
    Piece("map_tally", ("map",), FACTS),
    Piece("map_features", ("map-cases",), FACTS),
    Piece("act_counts", ("acts",), FACTS),
    Piece("dashboard", ("dashboard",), FACTS),
    Piece("city", ("city",), FACTS),
    Piece("mail_preview", ("preview",), FACTS),
    Piece("settled_beats", ("desk", "probe"), "until the next beat falls due, or a record is finished or taken away"),
    # Statements for a reader, by `tracker/storage/house/statements.py`.
    Piece("tracker.storage.cases.register.register._page_query", ("list", "own"), CODE),
    Piece("tracker.storage.cases.page._head_query", ("case",), CODE),
    Piece("tracker.storage.acts.register._page_query", ("acts",), CODE),
    Piece("tracker.storage.coordination.agendas._tied_query", ("case",), CODE,
          "of a case that is tied to acts, which `--only beside` measures"),
    Piece("tracker.storage.cases.family._members_query", ("case",), CODE),
    Piece("tracker.storage.cases.register.desk._desk_query", ("desk",), CODE),
    Piece("tracker.storage.cases.scope.visible", ("create",), CODE, "create is at its budget"),
    Piece("tracker.storage.mail.staff._staff_query", ("create", "urge"), CODE),
    Piece("tracker.storage.mail.staff._near_query", ("create", "urge"), CODE),
    # Files and pictures of the product.
    Piece("tracker.services.territory.outlines.shipped", ("where",), FILES),
    Piece("tracker.services.rules.reference.country", ("places",), FILES),
    Piece("tracker.gateways.mail.pages._mail_templates", ("morning",), FILES),
    Piece("tracker.gateways.house.charts.chart_png", ("docx", "xlsx"), CODE),
    Piece("tracker.gateways.house.picture_canvas._sky_gradient", ("photograph",), CODE),
    Piece("tracker.gateways.reports.pictures._noise_image", ("photograph",), CODE),
    Piece("tracker.gateways.reports.pictures._stamp_font", ("photograph",), "as long as the process: fonts of the machine"),
    # The law.
    Piece("tracker.domain.house.ledger.Fact", ("case",), OBJECT,
          "verification asks for each body five times: 42 s became 35 s on 100,000 cases"),
    Piece("tracker.domain.rules.workdays.WorkCalendar", ("list", "desk"), OBJECT),
    Piece("tracker.domain.territory.territory.Gazetteer", ("import",), OBJECT),
    Piece("tracker.domain.cases.categories.rows.Categories", ("import",), OBJECT),
    Piece("tracker.domain.territory.country.Country", ("places",), OBJECT),
    Piece("tracker.domain.reports.monthly.hot_spots._in_front", ("monthly",), CODE),
)
