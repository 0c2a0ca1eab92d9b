"""What the sample's reader mends, counts and refuses."""

import contextlib
import tempfile
import unittest
from datetime import date
from pathlib import Path

from devtools.sample.figures import Figures, figures_of_file
from devtools.sample.reading import normalise, parse_date, read_sample

PIPELINE_HEADER = (
    "opportunity_id,sales_agent,product,account,deal_stage,"
    "engage_date,close_date,close_value"
)
FILES = {
    "accounts": """\
account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme Corporation,technolgy,1996,1100.04,2822,United States,
Bioholding,medical,2012,587.34,1356,Philipines,Acme Corporation
""",
    "products": """product,series,sales_price
GTX Pro,GTX,4821
MG Special,MG,55
""",
    "sales_teams": """sales_agent,manager,regional_office
Moses Frase,Dustin Brinkmann,Central
Violet Mclelland,Cara Losch,East
""",
    "sales_pipeline": f"""{PIPELINE_HEADER}
AAAAAAA1,Moses Frase,GTXPro,Acme Corporation,Won,10/20/2016,10/30/2016,4514
AAAAAAA2,Moses Frase,MG Special,Bioholding,Lost,3/1/2017,3/5/2017,0
AAAAAAA3,Violet Mclelland,MG Special,,Prospecting,,,
AAAAAAA4,Violet Mclelland,MG Special,,Engaging,12/31/2017,,
""",
}


@contextlib.contextmanager
def sample_folder(**changes):
    """A folder with the four files, some of them changed."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in {**FILES, **changes}.items():
            Path(name, f"{file}.csv").write_text(text)
        yield name


def pipeline(row):
    """A pipeline file with one row."""
    return f"{PIPELINE_HEADER}\n{row}\n"


class TestSampleReading(unittest.TestCase):
    """Rows become records, slips are mended and counted."""

    def setUp(self):
        with sample_folder() as folder:
            self.sample = read_sample(folder)

    def test_every_row_is_kept(self):
        references = [row.reference for row in self.sample.opportunities]
        self.assertEqual(references, ["AAAAAAA1", "AAAAAAA2", "AAAAAAA3", "AAAAAAA4"])

    def test_misspelt_product_is_matched(self):
        won = self.sample.opportunities[0]
        self.assertEqual(won.product.name, "GTX Pro")
        self.assertEqual(self.sample.mended["product GTXPro taken as GTX Pro"], 1)

    def test_row_without_account_is_kept_and_named_after_its_product(self):
        prospect = self.sample.opportunities[2]
        self.assertEqual(prospect.account, "")
        self.assertEqual(prospect.title, "MG Special")
        self.assertEqual(self.sample.mended["no account: kept without a customer"], 2)

    def test_title_names_product_and_account(self):
        title = self.sample.opportunities[0].title
        self.assertEqual(title, "GTX Pro – Acme Corporation")

    def test_slips_of_sector_and_country_are_mended(self):
        acme, bioholding = self.sample.accounts
        self.assertEqual(acme.sector, "technology")
        self.assertEqual(bioholding.country, "Philippines")
        self.assertEqual(bioholding.parent, "Acme Corporation")

    def test_expected_revenue_is_the_close_value_only_when_won(self):
        expected = [row.expected for row in self.sample.opportunities]
        self.assertEqual(expected, [4514, 55, 55, 55])

    def test_undated_prospect_was_met_before_the_newest_date(self):
        prospect = self.sample.opportunities[2]
        self.assertEqual(prospect.engaged, date(2017, 12, 1))
        self.assertIsNone(prospect.closed)

    def test_team_is_named_after_office_and_manager(self):
        self.assertEqual(self.sample.agents[0].team, "Central (Dustin Brinkmann)")

    def test_what_cannot_be_mended_is_refused(self):
        for row in (
            "X,Moses Frase,GTX Max,,Engaging,12/31/2017,,",
            "X,Nobody,GTX Pro,,Engaging,12/31/2017,,",
            "X,Moses Frase,GTX Pro,Unheard Of,Engaging,12/31/2017,,",
            "X,Moses Frase,GTX Pro,,Dreaming,12/31/2017,,",
            "X,Moses Frase,GTX Pro,,Engaging,31/12/2017,,",
            "X,Moses Frase,GTX Pro,,Won,1/1/2017,1/2/2017,much",
        ):
            with (
                self.subTest(row),
                sample_folder(sales_pipeline=pipeline(row)) as folder,
                self.assertRaises(ValueError),
            ):
                read_sample(folder)


class TestNames(unittest.TestCase):
    """Names are compared without what people type differently."""

    def test_normalise(self):
        for name in ("GTX Pro", "GTXPro", "gtx-pro", " GTX_PRO "):
            self.assertEqual(normalise(name), "gtxpro")

    def test_letters_of_other_scripts_count(self):
        self.assertEqual(normalise("Ärzte 24"), "ärzte24")

    def test_dates_are_month_first(self):
        self.assertEqual(parse_date("3/1/2017"), date(2017, 3, 1))
        self.assertIsNone(parse_date(""))


class TestFigures(unittest.TestCase):
    """The figures that a loaded database is measured against."""

    def setUp(self):
        with sample_folder() as folder:
            self.figures = figures_of_file(folder)

    def test_counts_revenue_and_days(self):
        self.assertEqual(
            self.figures,
            Figures(
                {"won": 1, "lost": 1, "pending": 2},
                {"Moses Frase": 4514},
                {"won": 10, "lost": 4, "closed": 7},
            ),
        )

    def test_equal_figures_do_not_differ(self):
        self.assertEqual(list(self.figures.differences(self.figures)), [])

    def test_every_difference_is_named(self):
        other = Figures(
            {"won": 2, "lost": 1, "pending": 2}, {}, {"won": 10, "lost": 4, "closed": 7}
        )
        self.assertEqual(
            list(self.figures.differences(other)),
            ["counts won: 1 against 2", "revenue Moses Frase: 4514.0 against None"],
        )
