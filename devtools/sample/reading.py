"""The four CSV files as records, their slips mended and counted. No Odoo here."""

import csv
import dataclasses
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

DATE_FORMAT = "%m/%d/%Y"
KNOWN_SLIPS = {"technolgy": "technology", "Philipines": "Philippines"}
# Prospects without a date count as met this long before the newest date of the file.
DAYS_SINCE_UNDATED = 30
STAGES = ("Prospecting", "Engaging", "Won", "Lost")


@dataclasses.dataclass(frozen=True)
class Account:
    """A company that buys."""

    name: str
    sector: str
    founded: str
    revenue: str
    employees: str
    country: str
    parent: str


@dataclasses.dataclass(frozen=True)
class Product:
    """A product with its list price."""

    name: str
    series: str
    price: float


@dataclasses.dataclass(frozen=True)
class Agent:
    """A salesperson, the manager and the regional office."""

    name: str
    manager: str
    office: str

    @property
    def team(self):
        """The name of the team: a manager's agents in one office."""
        return f"{self.office} ({self.manager})"


@dataclasses.dataclass(frozen=True)
class Opportunity:
    """One row of the pipeline; `account` may be empty, as may the closing."""

    reference: str
    agent: str
    product: Product
    account: str
    stage: str
    engaged: date
    closed: date | None
    value: float

    @property
    def title(self):
        """The product and who wants it."""
        return " – ".join(filter(None, (self.product.name, self.account)))

    @property
    def expected(self):
        """What the deal brought, else the list price."""
        return self.value if self.stage == "Won" else self.product.price


@dataclasses.dataclass
class Sample:
    """Everything that was read, and how often something had to be mended."""

    accounts: list
    products: list
    agents: list
    opportunities: list
    mended: Counter


def read_sample(folder):
    """Read the four files of a folder; a row that cannot be mended is an error."""
    return Reader(Path(folder)).read()


def read_rows(path):
    """The rows of a CSV file as dictionaries of stripped texts."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return [
            {key: (value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]


def normalise(name):
    """A name without case, spaces and punctuation, to compare it with others."""
    return re.sub(r"[\W_]+", "", name).casefold()


def parse_date(text):
    """The date of a month/day/year text, or None."""
    return datetime.strptime(text, DATE_FORMAT).date() if text else None


def parse_amount(text):
    """The number of a text, zero when it is empty."""
    return float(text or 0)


def newest_date(rows):
    """The newest date that the pipeline mentions."""
    columns = ("engage_date", "close_date")
    return max(parse_date(row[key]) for row in rows for key in columns if row[key])


class Reader:
    """Reads one folder; keeps count of what it mends."""

    def __init__(self, folder):
        self.folder = folder
        self.mended = Counter()

    def read(self):
        """Read all files, those first that the pipeline refers to."""
        accounts = [self._account(row) for row in self._rows("accounts")]
        products = [self._product(row) for row in self._rows("products")]
        agents = [self._agent(row) for row in self._rows("sales_teams")]
        self.accounts = Index("account", accounts)
        self.products = Index("product", products)
        self.agents = Index("salesperson", agents)
        return Sample(accounts, products, agents, self._pipeline(), self.mended)

    def _rows(self, name):
        return read_rows(self.folder / f"{name}.csv")

    def _account(self, row):
        return Account(
            name=row["account"],
            sector=self._without_slip("sector", row["sector"]),
            founded=row["year_established"],
            revenue=row["revenue"],
            employees=row["employees"],
            country=self._without_slip("country", row["office_location"]),
            parent=row["subsidiary_of"],
        )

    def _product(self, row):
        price = parse_amount(row["sales_price"])
        return Product(row["product"], row["series"], price)

    def _agent(self, row):
        return Agent(row["sales_agent"], row["manager"], row["regional_office"])

    def _pipeline(self):
        rows = self._rows("sales_pipeline")
        undated = newest_date(rows) - timedelta(days=DAYS_SINCE_UNDATED)
        return [self._opportunity(row, undated) for row in rows]

    def _opportunity(self, row, undated):
        engaged = parse_date(row["engage_date"])
        self._count(not engaged, f"no engage date: {undated} taken instead")
        return Opportunity(
            reference=row["opportunity_id"],
            agent=self._matched(self.agents, row["sales_agent"]).name,
            product=self._matched(self.products, row["product"]),
            account=self._account_name(row["account"]),
            stage=self._stage(row["deal_stage"]),
            engaged=engaged or undated,
            closed=parse_date(row["close_date"]),
            value=parse_amount(row["close_value"]),
        )

    def _account_name(self, text):
        self._count(not text, "no account: kept without a customer")
        return self._matched(self.accounts, text).name if text else ""

    def _stage(self, text):
        if text not in STAGES:
            raise ValueError(f"{text!r} is no stage: there are {', '.join(STAGES)}.")
        return text

    def _matched(self, index, text):
        found = index.find(text)
        self._count(found.name != text, f"{index.kind} {text} taken as {found.name}")
        return found

    def _without_slip(self, kind, text):
        mended = KNOWN_SLIPS.get(text, text)
        self._count(mended != text, f"{kind} {text} taken as {mended}")
        return mended

    def _count(self, is_mended, what):
        if is_mended:
            self.mended[what] += 1


class Index:
    """Records by their name, found however it is spaced or capitalised."""

    def __init__(self, kind, records):
        self.kind = kind
        self.records = {normalise(record.name): record for record in records}

    def find(self, name):
        """The record that the name means."""
        try:
            return self.records[normalise(name)]
        except KeyError as unknown:
            raise ValueError(f"There is no {self.kind} {name!r}.") from unknown
