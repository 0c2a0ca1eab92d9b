"""Odoo's predictive probabilities, taught by the sample's own past."""


def learn_probabilities(env, opportunities):
    """Let Odoo compute what the open opportunities are worth, as its cron does."""
    oldest = min(opportunity.engaged for opportunity in opportunities)
    env["ir.config_parameter"].set_param("crm.pls_start_date", str(oldest))
    env["crm.lead"]._cron_update_automated_probabilities()
