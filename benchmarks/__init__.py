"""How fast the addon is beside Odoo without it, and beside bare SQL.

Everything runs in one process on two databases with the same 100,000 leads and
400,000 movements of the past: one with the addon, one without.
"""
