"""Addresses of people: who shares one, in which order they are printed."""

from typing import NamedTuple


class Address(NamedTuple):
    """Where somebody gets their post.

    ``lines`` are street, city and country in the country's own order; ``missing`` tells
    what the address lacks. Records with the same ``customer`` are of one company.
    """

    record_id: int
    names: tuple
    company: str
    lines: tuple
    postcode: str = ""
    customer: object = None
    missing: tuple = ()
    country: str = ""

    @property
    def text(self):
        """All lines from the name to the country."""
        company = (self.company,) if self.company else ()
        return (" & ".join(self.names), *company, *self.lines)


def group_households(addresses):
    """Return one address for all that live at the same place, with all their names."""
    households = {}
    for address in addresses:
        households.setdefault(_get_place(address), []).append(address)
    return [_join(people) for people in households.values()]


def _get_place(address):
    """Return what tells a place; without street or city nobody shares one."""
    if not address.lines or address.missing:
        return address.record_id
    return address.company.casefold(), *(line.casefold() for line in address.lines)


def _join(people):
    names = dict.fromkeys(name for address in people for name in address.names)
    return people[0]._replace(names=tuple(names))


def group_customers(addresses):
    """Return the first address of each company; people without one keep theirs."""
    customers = {}
    for address in addresses:
        customers.setdefault(address.customer or (address.record_id,), address)
    return list(customers.values())


def sort_by_postcode(addresses):
    """Return the addresses by country, postcode and name."""
    return sorted(
        addresses,
        key=lambda address: (
            address.country,
            address.postcode.casefold(),
            address.text[0].casefold(),
        ),
    )


def sort_by_name(addresses):
    """Return the addresses by name."""
    return sorted(addresses, key=lambda address: address.text[0].casefold())
