"""The arithmetic of prices and discounts. Plain functions, no ORM."""


def get_net_price(price, discount):
    """Return ``price`` less ``discount`` percent."""
    return price * (1 - discount / 100)


def get_discount_below(list_price, price, discount):
    """Return by how many percent a price, less its discount, lies below the list.

    Nothing lies below a list price of zero; prices above the list are no discount.
    """
    if list_price <= 0:
        return 0.0
    below = (list_price - get_net_price(price, discount)) / list_price * 100
    return max(below, 0.0)
