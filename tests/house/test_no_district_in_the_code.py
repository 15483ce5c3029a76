"""Whose district this is stands in rows: the program names none but in the demo, the shipped tables and the migrations."""

from tests.support.project_files import ROOT, name_of, project_files

OF_ONE_DISTRICT = ("360103", "\u897f\u73af")  # the code and the short names of the district in which the product began
MAY_NAME_IT = ("tracker/demo/", "tracker/migrations/", "tracker/reference/")
LIVING = ("tracker/", "templates/", "static/css/", "static/js/", "config.py", "wsgi.py", "web_worker.py", "run")
READ = (".py", ".html", ".txt", ".po", ".css", ".js", "")


def test_no_living_code_names_the_district_in_which_it_began() -> None:
    files = [path for path in project_files() if name_of(path).startswith(LIVING) and not name_of(path).startswith(MAY_NAME_IT)
             and path.suffix in READ]
    assert len(files) > 500
    found = [f"{name_of(path)} {word}" for path in files for word in OF_ONE_DISTRICT if word in path.read_text()]
    assert found == []


def test_what_is_looked_for_is_there_to_be_found() -> None:
    kept = [ROOT / "tracker" / "demo" / "district.py", ROOT / "tracker" / "migrations" / "versions" / "0028_offices.py"]
    assert all(OF_ONE_DISTRICT[0] in path.read_text() for path in kept)
