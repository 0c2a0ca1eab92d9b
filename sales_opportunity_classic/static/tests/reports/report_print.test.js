import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

defineMailModels();

class Outcome extends models.Model {
    _name = "opportunity.report.outcome";

    won_status = fields.Selection({
        string: "Won/Lost",
        selection: [
            ["won", "Won"],
            ["lost", "Lost"],
        ],
    });
    won_revenue = fields.Float({string: "Won Revenue", aggregator: "sum"});

    _records = [
        {id: 1, won_status: "won", won_revenue: 1500},
        {id: 2, won_status: "lost", won_revenue: 0},
    ];
}

class Other extends models.Model {
    name = fields.Char();
    _records = [{id: 1, name: "Desk"}];
}

defineModels([Outcome, Other]);

const SEARCH = `
    <search>
        <filter name="won" string="Won" domain="[('won_status', '=', 'won')]"/>
        <filter name="by" string="Won/Lost" context="{'group_by': 'won_status'}"/>
    </search>`;

async function print() {
    const printed = [];
    patchWithCleanup(getService("action"), {
        doAction: ({report_type, data}) => printed.push([report_type, data]),
    });
    await contains(".o_cp_action_menus .dropdown-toggle").click();
    await contains(".o_report_print").click();
    const [[type, data]] = printed;
    expect(type).toBe("qweb-pdf");
    return data;
}

test("a pivot is printed with its groups and measures", async () => {
    await mountView({
        type: "pivot",
        resModel: "opportunity.report.outcome",
        arch: `
            <pivot>
                <field name="won_status" type="row"/>
                <field name="won_revenue" type="measure"/>
            </pivot>`,
        searchViewArch: SEARCH,
        context: {search_default_won: 1},
    });
    const data = await print();
    expect(data.model).toBe("opportunity.report.outcome");
    expect(data.domain).toEqual([["won_status", "=", "won"]]);
    expect(data.filters).toEqual(["Won"]);
    expect(data.groupby).toEqual(["won_status"]);
    expect(data.measures).toEqual(["won_revenue"]);
});

test("a list is printed with its groups", async () => {
    await mountView({
        type: "list",
        resModel: "opportunity.report.outcome",
        arch: `<list><field name="won_revenue"/></list>`,
        searchViewArch: SEARCH,
        context: {search_default_by: 1},
    });
    const data = await print();
    expect(data.groupby).toEqual(["won_status"]);
    expect(data.measures).toEqual([]);
    expect(data.filters).toEqual([]);
});

test("other models have nothing of it", async () => {
    await mountView({
        type: "list",
        resModel: "other",
        arch: `<list><field name="name"/></list>`,
    });
    expect(".o_report_print").toHaveCount(0);
});
