"""Which links of an email are tracked, and the copy of it that leads through others.

Knows addresses and text alone. What is not understood is left as it is: a link that
is not tracked does no harm, one that leads nowhere does.
"""

import re
from html import escape, unescape
from urllib.parse import urlsplit

# Longer addresses are cut by some programs on the way.
MAX_LENGTH = 2000
MAX_LINKS = 100

# Of a server like this one, whatever it is called: pages for one person only.
PRIVATE_PAGES = frozenset(
    ("_unsubscribe", "calendar", "mail", "mailing", "my", "odoo", "opportunity")
    + ("payment", "rate", "report", "sign", "sms", "survey", "unsubscribe_from_list")
    + ("view", "web")
)
LANGUAGE = re.compile(r"[a-z]{2,3}([_-][a-z]{2,5})?", re.IGNORECASE)
# What ends a subscription, or opens something to whoever has the address.
PRIVATE_WORDS = re.compile(
    r"unsubscribe|opt[-_]?out|unfollow|token=|utm_source=db&utm_medium",
    re.IGNORECASE,
)
UNUSUAL = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>`{}^|\u2028\u2029]")
TAG = re.compile(
    # what is not closed lasts until the end
    r"<!--(?:.*?-->|.*)|<(?P<raw>style|script|title|textarea)\b(?:.*?</(?P=raw)\b|.*)"
    r"""|<(?P<name>[a-z][^\s"'<>/]*)(?P<attributes>(?:[^"'<>]|"[^"]*"|'[^']*')*)>""",
    re.IGNORECASE | re.DOTALL,
)
ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s=>"'/]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'>]+))?"""
)


def is_trackable(url):
    """Tell whether a click on the address may be noted on the way to it."""
    if len(url) > MAX_LENGTH or UNUSUAL.search(url) or PRIVATE_WORDS.search(url):
        return False
    try:
        parts = urlsplit(url)
        # asked for its check alone: some ports are none
        has_host = parts.hostname and (parts.port or True)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and has_host and "@" not in parts.netloc
    return bool(is_web) and not is_private_page(parts.path)


def is_private_page(path):
    """Tell whether a path is one of Odoo's pages for one person, in any language."""
    first, second = (*path.lower().strip("/").split("/"), "")[:2]
    is_language = LANGUAGE.fullmatch(first) and first not in PRIVATE_PAGES
    return (second if is_language else first) in PRIVATE_PAGES


def find_links(html):
    """Return the addresses to be tracked, each once, in their order."""
    urls = (url for __, __, url in locate_links(html))
    return list(dict.fromkeys(urls))[:MAX_LINKS]


def replace_links(html, replacements):
    """Return the text with other addresses; all else stays as it is, to the letter.

    :param dict replacements: {address: the one to put in its place}
    """
    parts, position = [], 0
    for start, end, url in locate_links(html):
        if url in replacements:
            parts += [html[position:start], f'"{escape(replacements[url])}"']
            position = end
    return "".join((*parts, html[position:]))


def locate_links(html):
    """Yield start, end and address of each value of an attribute to be tracked."""
    for tag in TAG.finditer(html):
        if (tag["name"] or "").lower() not in ("a", "area"):
            continue
        for attribute in ATTRIBUTE.finditer(html, *tag.span("attributes")):
            # the first one counts
            if attribute["name"].lower() == "href":
                value = attribute["value"] or ""
                is_quoted = value[:1] in ('"', "'")
                url = unescape(value[1:-1] if is_quoted else value)
                if is_trackable(url):
                    yield *attribute.span("value"), url
                break
