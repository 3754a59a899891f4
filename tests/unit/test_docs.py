"""README and docs/ are true: their names exist, their links lead somewhere, and each stays short enough to be read."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from schoolsms.domain import french
from schoolsms.domain.orders.billing.invoices import Standing
from schoolsms.domain.orders.orders import OrderState
from schoolsms.domain.schools.stock.ledger import Kind
from schoolsms.domain.schools.stock.ledger_causes import CauseType
from schoolsms.domain.sending.delivering.statuses import STATUSES
from schoolsms.domain.sending.send_requests import RefusalCode
from tests.support.template import ROOT, resources, template

BUDGETS = {
    "README.md": 130,
    "CONTRIBUTING.md": 80,
    "CHANGELOG.md": 100,
    "BENCHMARKS.md": 165,
    "docs/rules.md": 195,
    "docs/architecture.md": 120,
    "docs/walkthrough.md": 90,
    "docs/orders.md": 95,
    "docs/papers.md": 40,
    "docs/sending.md": 120,
    "docs/privacy.md": 110,
    "docs/providers.md": 60,
    "docs/console.md": 70,
    "docs/http-api.md": 70,
    "docs/operations.md": 187,
    "docs/deploying.md": 200,
    "docs/local-stack.md": 70,
    "docs/decisions.md": 145,
    "docs/glossary.md": 80,
}
"""The most lines each may have."""

CORE = ROOT / "layers" / "core" / "python" / "schoolsms"
CODE = ("layers", "functions", "local", "tests")
OPERATION = re.compile(r"(?:GET|PUT|POST|DELETE) /[a-z][^\s`?]*")
NAME_SHAPES = (
    re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+"),  # a parameter, a resource, a class
    re.compile(r"[A-Z]{2,}(?:_[A-Z]+)+"),  # a variable of the environment
    re.compile(r"[a-z]+(?:_[a-z]+)+"),  # a function, a field
)
NOT_BUILT = "not built yet"


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def quoted(name: str) -> Iterator[str]:
    """Text between backticks in `name`, outside its code blocks."""
    prose = re.sub(r"^```.*?^```", "", text_of(name), flags=re.MULTILINE | re.DOTALL)
    return (each[1] for each in re.finditer(r"`([^`\n]+)`", prose))


def table(name: str, heading: str) -> list[list[str]]:
    """The cells of the table whose first heading is `heading`, a list a row."""
    lines = text_of(name).split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


@cache
def files() -> frozenset[str]:
    """Every file of the repository that docs may name, by its path."""
    top = (each for each in ROOT.iterdir() if each.is_file())
    folders = (*CODE, "console", "docs", "events")
    below = (each for folder in folders for each in (ROOT / folder).rglob("*") if each.is_file())
    return frozenset(each.relative_to(ROOT).as_posix() for each in (*top, *below) if "__pycache__" not in each.parts)


@cache
def folders() -> frozenset[str]:
    return frozenset(parent.as_posix() for each in files() for parent in Path(each).parents)


def leads_to(path: str, among: Iterable[str]) -> list[str]:
    """The paths in `among` that `path` names, from the root or by their last parts."""
    return [each for each in among if each == path or each.endswith(f"/{path}")]


@cache
def words() -> frozenset[str]:
    """Every word of the code, the template, the commands and the settings of the tools."""
    sources = [each for each in files() if each.endswith((".py", ".yaml", ".toml", ".json")) or each == "Makefile"]
    return frozenset(re.findall(r"\w+", " ".join(map(text_of, sources)))) | {Path(each).stem for each in files()}


def anchors(name: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text_of(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_document_stays_within_its_budget_of_lines(name: str) -> None:
    assert len(text_of(name).splitlines()) <= BUDGETS[name]


def test_every_document_has_a_budget_and_is_on_the_map() -> None:
    named = {each.relative_to(ROOT).as_posix() for each in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
    assert named == set(BUDGETS)
    assert [each for each in BUDGETS if each != "README.md" and f"({each})" not in text_of("README.md")] == []


@pytest.mark.parametrize("name", BUDGETS)
def test_links_lead_to_a_document_and_to_a_heading_in_it(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)):
        assert not target.startswith(("http:", "https:")), f"{target}: link to what stays with the code"
        path, _, anchor = target.partition("#")
        document = (ROOT / name).parent / path if path else ROOT / name
        found = document.resolve().relative_to(ROOT).as_posix()
        assert found in files(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("name", BUDGETS)
def test_files_and_folders_that_a_document_names_exist(name: str) -> None:
    paths = [each for each in quoted(name) if re.fullmatch(r"[\w.-]+(/[\w.-]+)*(/|\.(py|md|yaml|json|toml))", each)]
    paths = [each for each in paths if "acme" not in each]  # the third provider that docs/providers.md adds
    known = {True: folders(), False: files()}
    assert [each for each in paths if not leads_to(each.rstrip("/"), known[each.endswith("/")])] == []


@pytest.mark.parametrize("name", sorted(set(BUDGETS) - {"CHANGELOG.md"}))
def test_names_that_a_document_quotes_exist(name: str) -> None:
    names = [each for each in quoted(name) if any(shape.fullmatch(each) for shape in NAME_SHAPES)]
    assert [each for each in names if each not in words()] == []


@pytest.mark.parametrize("name", BUDGETS)
def test_commands_that_a_document_names_are_targets(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text_of(name), re.MULTILINE)) - targets == set()


@pytest.mark.parametrize("name", BUDGETS)
def test_routes_that_a_document_names_are_routes(name: str) -> None:
    routes = {
        re.sub(r"\{[a-z_]+\+?\}", "{}", f"{event['Properties']['Method'].upper()} {event['Properties']['Path']}")
        for function in resources("AWS::Serverless::Function").values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }
    named = [each for text in quoted(name) for each in OPERATION.findall(text) if "/local/" not in each]
    # `<secret>` and `{secret}` stand for a value, and so does a provider's name.
    plain = {re.sub(r"\{[a-z_]+\}|<[a-z_]+>|(?<=/receipts/)\w+|(?<=/incoming/)\w+", "{}", each) for each in named}
    assert plain - routes == set()


def test_every_route_has_its_callers_in_the_guide() -> None:
    """Addresses of the console are pages, not routes of the API."""
    paths = {
        event["Properties"]["Path"]
        for name, function in resources("AWS::Serverless::Function").items()
        if name != "Console"
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }
    rows = "".join(row[1] for row in table("docs/http-api.md", "who"))
    assert {each for each in paths if "/".join(each.split("/")[:3]).removesuffix(".csv") not in rows} == set()


def test_every_function_is_on_the_map() -> None:
    named = "".join(map(text_of, ("README.md", "docs/architecture.md")))
    assert [each.name for each in (ROOT / "functions").iterdir() if each.is_dir() and each.name not in named] == []


def test_every_alarm_has_its_row_and_every_row_its_alarm() -> None:
    rows = table("docs/operations.md", "alarm")
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(resources("AWS::CloudWatch::Alarm"))
    assert [row[0] for row in rows if len(row) != 5 or not all(row)] == []


def test_every_parameter_is_in_one_group_of_the_deployment_form() -> None:
    groups = template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template()["Parameters"])


def test_the_default_of_every_parameter_fits_its_pattern() -> None:
    described = {name: each for name, each in template()["Parameters"].items() if "AllowedPattern" in each}
    wrong = [
        n
        for n, each in described.items()
        if not re.fullmatch(each["AllowedPattern"], each.get("Default", "https://a.fr"))
    ]
    assert len(described) > 20
    assert wrong == []


def test_every_parameter_is_described_with_its_default() -> None:
    rows = {row[0].strip("`"): row for row in table("docs/deploying.md", "parameter")}
    assert rows.keys() == template()["Parameters"].keys()
    for name, parameter in template()["Parameters"].items():
        default = str(parameter.get("Default", "none"))
        written = rows[name][1].strip("`")
        if not re.match(r"empty|fictitious|OVHcloud's|Skolengo SMS", written):
            assert written == default, name
        assert (default == "") == written.startswith("empty"), name


# ------------------------------------------------------------------ rules


def cited(path: str) -> set[int]:
    """The numbers of the rules that a file names: `R7`, or `R4-R9` for all between."""
    found: set[int] = set()
    for first, last in re.findall(r"\bR([1-9][0-9]?)(?:-R([1-9][0-9]?))?\b", text_of(path)):
        found |= set(range(int(first), int(last or first) + 1))
    return found


RULES = {int(row[0].removeprefix("R")): row for row in table("docs/rules.md", "rule")}


def test_rules_are_numbered_without_a_gap() -> None:
    assert list(RULES) == list(range(1, len(RULES) + 1))


def test_every_rule_that_code_or_tests_cite_is_in_the_table() -> None:
    sources = [each for each in files() if each.startswith(CODE) and each.endswith(".py")]
    unknown = {each: cited(each) - RULES.keys() for each in (*sources, "template.yaml")}
    assert {each: numbers for each, numbers in unknown.items() if numbers} == {}


@pytest.mark.parametrize("number", [each for each, row in RULES.items() if NOT_BUILT not in row])
def test_a_rule_names_files_that_cite_it(number: int) -> None:
    _, promise, held, proven = RULES[number]
    assert promise
    for cell, root in ((held, ""), (proven, "tests/")):
        named = re.findall(r"`([^`]+)`", cell)
        assert named, f"R{number} names no file"
        for path in named:
            [found] = [each for each in leads_to(path, files()) if each.startswith(root)]
            assert number in cited(found), f"{found} does not cite R{number}"


# ------------------------------------------------------------------ clauses


CLAUSES = table("docs/rules.md", "§")
NOT_OURS, NOT_HELD_YET = "not ours: ", "not held yet: "
NOT_HELD: list[tuple[str, str, str]] = []
"""The sentences that nothing holds. Named here too, so that none is added without a look at this list."""


@cache
def names_in(path: str) -> frozenset[str]:
    return frozenset(each.name for each in ast.walk(ast.parse(text_of(path))) if isinstance(each, ast.FunctionDef))


def test_the_preamble_and_each_clause_have_rows_in_their_order() -> None:
    assert list(dict.fromkeys(row[0] for row in CLAUSES)) == ["preamble", *"12345678"]
    assert [row for row in CLAUSES if len(row) != 5 or not all(row)] == []
    promises = [(row[0], row[1]) for row in CLAUSES]
    assert sorted({each for each in promises if promises.count(each) > 1}) == []
    assert {row[2] for row in CLAUSES} <= {"–", *(f"R{number}" for number in RULES)}


def test_files_and_tests_that_a_clause_names_exist() -> None:
    missing = []
    for clause, promise, _, held, proven in CLAUSES:
        named = [("", path, "") for path in re.findall(r"`([^`]+)`", held)]
        named += [("tests/", *each) for each in re.findall(r"`([^`:]+)::(\w+)`", proven)]
        for root, path, test in named:
            found = [each for each in leads_to(path, files()) if each.startswith(root)]
            if len(found) != 1 or (test and test not in names_in(found[0])):
                missing.append((clause, promise, f"{path}::{test}", found))
    assert missing == []


def test_a_clause_is_proven_or_says_why_not() -> None:
    unclear = []
    for clause, promise, rule, held, answer in CLAUSES:
        proven = bool(re.fullmatch(r"`[^`:]+::test_\w+`( `[^`:]+::test_\w+`)*", answer))
        reason = len(answer) > len(NOT_OURS) and answer.startswith(NOT_OURS)
        pending = answer == f"{NOT_HELD_YET}{rule}"
        if (held != "–") != proven or proven + reason + pending != 1:
            unclear.append((clause, promise))
    assert unclear == []


def test_clauses_that_nothing_holds_are_listed_with_what_is_not_built() -> None:
    unheld = [(row[0], row[1], row[2]) for row in CLAUSES if row[4].startswith(NOT_HELD_YET)]
    assert unheld == NOT_HELD
    later = text_of("docs/rules.md").partition("## Promised, and not built yet")[2]
    assert [each for each in unheld if f"- {each[2]}:" not in later] == []


# ------------------------------------------------------------------ code


def test_the_codes_of_refused_recipients_are_those_of_the_code() -> None:
    [sentence] = re.findall(r"by codes of their own: ([^.]+)\.", text_of("docs/http-api.md"))
    assert set(re.findall(r"`([a-z-]+)`", sentence)) == set(get_args(RefusalCode))


def test_files_that_code_names_exist() -> None:
    named = re.compile(r"`([\w/.-]+\.(?:py|md))`|\b((?:domain|application|adapters|api|docs|local)/[\w/-]+\.(?:py|md))")
    sources = [each for each in files() if each.startswith(CODE) and each.endswith(".py")]
    found = {(each, "".join(path)) for each in (*sources, "template.yaml") for path in named.findall(text_of(each))}
    assert {(each, path) for each, path in found if not leads_to(path, files())} == set()


def test_code_points_to_nothing_outside_the_repository() -> None:
    """Notes that a reader does not have explain nothing."""
    elsewhere = re.compile(r'\b(?:facts|contract): "|\.\./' + "shared")
    sources = [each for each in files() if each.startswith(CODE) and each.endswith(".py")]
    assert [each for each in (*sources, *BUDGETS, "template.yaml") if elsewhere.search(text_of(each))] == []


def test_the_glossary_has_the_words_that_people_read() -> None:
    documented = {(of, code.strip("`")): words for of, code, words in table("docs/glossary.md", "of")}
    tables = {
        "message": (french.MESSAGE_STATUSES, STATUSES),
        "order": (french.ORDER_STATES, get_args(OrderState)),
        "invoice": (french.INVOICE_STATES, get_args(Standing)),
        "ledger": (french.LEDGER_KINDS, get_args(Kind)),
        "cause": (french.LEDGER_CAUSES, get_args(CauseType)),
    }
    assert all(set(words) == set(codes) for words, codes in tables.values())
    assert documented == {(of, code): said for of, (words, _) in tables.items() for code, said in words.items()}


def test_the_changelog_begins_with_the_version_that_is_built() -> None:
    [first, *_] = re.findall(r"^## (\d+\.\d+\.\d+) – \d{4}-\d\d-\d\d$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert f'\nversion = "{first}"\n' in text_of("pyproject.toml")
