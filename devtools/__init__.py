"""What `./dev` does: an Odoo 19, a PostgreSQL and the tests, in one ignored folder."""
