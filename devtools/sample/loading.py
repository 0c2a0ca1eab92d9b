"""The sample into an Odoo database: the whole of it, or nothing."""

from .catalogue import load_accounts, load_products
from .checking import check
from .opportunities import load_opportunities
from .people import load_people
from .probabilities import learn_probabilities
from .reading import read_sample

# Nobody is told, nothing is tracked: this is the past of a company.
QUIET = {
    "tracking_disable": True,
    "no_reset_password": True,
    "import_file": True,
}


def load_sample(env, folder):
    """Read, mend, load and check the sample; raise when a figure differs."""
    sample = read_sample(folder)
    env = env(context={**env.context, **QUIET})
    users, teams = load_people(env, sample.agents)
    tell(f"{len(users)} salespeople and managers, {len(set(teams.values()))} teams")
    partners = load_accounts(env, sample.accounts)
    load_products(env, sample.products)
    tell(f"{len(partners)} accounts, {len(sample.products)} products")
    load_opportunities(env, sample.opportunities, users, teams, partners)
    report(sample)
    for line in check(env, folder):
        tell(f"checked: {line}")
    learn_probabilities(env, sample.opportunities)


def report(sample):
    """Tell how much was loaded and what had to be mended."""
    tell(f"{len(sample.opportunities)} opportunities loaded")
    for what, count in sorted(sample.mended.items()):
        tell(f"mended: {what} ({count} times)")


def tell(text):
    """Print one line of progress at once."""
    print(f"  {text}", flush=True)
