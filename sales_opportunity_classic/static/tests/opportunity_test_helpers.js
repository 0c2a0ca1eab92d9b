import {expect} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

class Stage extends models.Model {
    _name = "crm.stage";

    name = fields.Char();

    _records = [
        {id: 1, name: "Prospecting"},
        {id: 2, name: "Engaging"},
        {id: 3, name: "Signed"},
    ];
}

class Party extends models.Model {
    _name = "opportunity.party";

    name = fields.Char();
    lead_id = fields.Many2one({relation: "crm.lead"});

    _records = [
        {id: 1, name: "The buyer", lead_id: 1},
        {id: 2, name: "The user", lead_id: 1},
    ];
}

export class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char({required: true});
    stage_id = fields.Many2one({relation: "crm.stage"});
    priority = fields.Selection({
        selection: [
            ["0", "Low"],
            ["1", "High"],
        ],
    });
    partner_id = fields.Many2one({relation: "res.partner"});
    party_ids = fields.One2many({
        relation: "opportunity.party",
        relation_field: "lead_id",
    });
    can_edit = fields.Boolean({default: true});
    duration_tracking = fields.Json();
    rotting_days = fields.Integer();

    _records = [
        {
            id: 1,
            name: "Ten desks",
            stage_id: 1,
            priority: "0",
            partner_id: serverState.partnerId,
            party_ids: [1, 2],
            can_edit: true,
        },
        {id: 2, name: "Five chairs", stage_id: 2, priority: "0", can_edit: true},
        {id: 3, name: "One lamp", stage_id: 3, priority: "1", can_edit: false},
    ];
}

/**
 * Define opportunities in three stages: Ten desks has a customer and two parties, Five
 * chairs and One lamp have neither. One lamp has a higher priority and is only read.
 */
export function defineOpportunityModels() {
    defineMailModels();
    defineModels([Lead, Party, Stage]);
}

/**
 * Let the server want the Won dialog in front of the stage Signed, as it does where a
 * reason is required. What it is asked and what is saved become steps of the test.
 */
export function wantClosingDialog() {
    onRpc("crm.lead", "action_get_closing_dialog", ({args}) => {
        const [leadIds, stageId] = args;
        expect.step(`ask for ${leadIds} to ${stageId}`);
        return stageId === 3 && {res_model: "opportunity.mark.won"};
    });
    onRpc("crm.lead", "web_save", ({args}) => {
        expect.step(`save ${JSON.stringify(args[1])}`);
    });
}

/**
 * Note the actions that are to be run instead of running them.
 *
 * @returns {{action: object | string, options: object}[]} what was to be run
 */
export function noteActions() {
    const noted = [];
    mockService("action", {
        doAction(action, options) {
            noted.push({action, options});
        },
    });
    return noted;
}

/**
 * Mount the form of an opportunity, by default Ten desks, with a widget on its second
 * tab.
 *
 * @param {string} name of the tab
 * @param {string} widget
 * @param {{openTab?: boolean, resId?: number}} options whether the tab is shown; which
 *     opportunity, none for a new one
 */
export async function openFormWithTab(name, widget, {openTab = true, resId = 1} = {}) {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        resIds: resId ? [1, 2] : undefined,
        arch: `
            <form>
                <field name="name"/>
                <notebook>
                    <page name="first" string="First"/>
                    <page name="${name}" string="Tab">
                        <widget name="${widget}"/>
                    </page>
                </notebook>
            </form>`,
    });
    if (openTab) {
        await contains(`.nav-link[name=${name}]`).click();
    }
}
