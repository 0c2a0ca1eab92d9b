import re
import secrets

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.row_lock import hold_rows

TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
# Looked up in place of what cannot be a token; none is that short.
NO_TOKEN = "-"


class OpportunityTokenMixin(models.AbstractModel):
    """What is found by an address that nobody guesses.

    The token is random and lives in the database, so that it can be taken back. The
    concrete model has a unique index on it.
    """

    _name = "opportunity.token.mixin"
    _description = "Address that Nobody Guesses"

    token = fields.Char(
        required=True,
        default=lambda self: secrets.token_urlsafe(32),
        copy=False,
        groups=fields.NO_ACCESS,
    )

    @api.model
    def _search_by_token(self, token, domain=Domain.TRUE):
        """Return the record of a token that came from outside, as superuser.

        Whatever the token is, one query tells: the answer takes the same time whether
        it is malformed, unknown or outside the domain. Copies of a database serve no
        tokens.
        """
        # sudo: the token is the right, there is no user; what it is not is not found
        records = self.sudo()
        # what is posted may be a file
        is_token = isinstance(token, str) and TOKEN.fullmatch(token)
        found = records.search(
            Domain("token", "=", token if is_token else NO_TOKEN) & domain
        )
        parameters = records.env["ir.config_parameter"]
        is_copy = parameters.get_param("database.is_neutralized")
        return records.browse() if is_copy else found

    def _hold(self):
        """Let one transaction at a time go on with what is behind the tokens; of two,
        the later one is run again by Odoo and sees what the first one made."""
        # not logged: the answer to the conflict is to try again
        self.env.cr.execute(hold_rows(self._table, self.ids), log_exceptions=False)

    def _try_hold(self):
        """Hold them, or return False where another transaction did so since this
        one began: what it sees of them is out of date."""
        try:
            with self.env.cr.savepoint():
                self._hold()
        except SerializationFailure:
            return False
        return True
