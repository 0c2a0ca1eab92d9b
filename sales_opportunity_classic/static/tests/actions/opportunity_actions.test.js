import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc, serverState} from "@web/../tests/web_test_helpers";
import {opportunityActions} from "@sales_opportunity_classic/actions/opportunity_actions";
import {Lead, defineOpportunityModels, noteActions} from "../opportunity_test_helpers";

defineOpportunityModels();

const entries = () => queryAllTexts(".o-dropdown--menu .dropdown-item");

async function openActions(resId, {typed} = {}) {
    onRpc("crm.lead", "web_save", ({args}) => {
        expect.step(`save ${JSON.stringify(args[1])}`);
    });
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        arch: `
            <form>
                <field name="name"/>
                <field name="partner_id" invisible="1"/>
                <field name="can_edit" invisible="1"/>
                <widget name="opportunity_actions"/>
            </form>`,
    });
    if (typed !== undefined) {
        await contains("[name=name] input").edit(typed);
    }
    await contains(".o_opportunity_actions").click();
}

async function choose(id) {
    await contains(`.o_opportunity_action_${id}`).click();
    await animationFrame();
}

test("the entries stand in their order", async () => {
    await openActions(1);
    expect(entries()).toEqual([
        "Send Email",
        "Schedule Meeting",
        "Create Order",
        "New Quotation",
        "Copy Buy Now Link",
        "Send Buy Now Link",
        "Start Follow-Up",
        "Open Contact",
        "Print Letter",
        "Print Label",
        "Move to Folder",
    ]);
});

test("without a customer there is no contact to open", async () => {
    await openActions(2);
    expect(entries()).not.toInclude("Open Contact");
    expect(entries()).toHaveLength(10);
});

test("an entry of another addon stands at its sequence", async () => {
    opportunityActions.add("call", {label: "Call", icon: "fa-phone"}, {sequence: 15});
    await openActions(2);
    expect(entries().slice(0, 3)).toEqual(["Send Email", "Call", "Schedule Meeting"]);
});

test("a method is called on the opportunity, and its action is run", async () => {
    const actions = noteActions();
    const quotation = {res_model: "sale.order"};
    onRpc("crm.lead", "action_sale_quotations_new", ({args}) => {
        expect.step(`call with ${args}`);
        return quotation;
    });
    await openActions(1);
    await choose("new_quotation");
    expect.verifySteps(["call with 1"]);
    expect(actions[0].action).toEqual(quotation);
});

test("an action runs on the opportunity", async () => {
    const actions = noteActions();
    await openActions(1);
    await choose("send_email");
    expect(actions[0].action).toBe("crm.action_lead_mail_compose");
    expect(actions[0].options.additionalContext).toEqual({
        active_id: 1,
        active_ids: [1],
        active_model: "crm.lead",
    });
});

test("the opportunity is read again when the action is closed", async () => {
    const actions = noteActions();
    await openActions(1);
    await choose("move_to_folder");
    onRpc("crm.lead", "web_read", () => expect.step("read"));
    actions[0].options.onClose();
    await animationFrame();
    expect.verifySteps(["read"]);
});

test("what was typed is saved before the action runs", async () => {
    const actions = noteActions();
    await openActions(1, {typed: "Eleven desks"});
    await choose("send_email");
    expect.verifySteps(['save {"name":"Eleven desks"}']);
    expect(actions).toHaveLength(1);
});

test("nothing runs while the opportunity cannot be saved", async () => {
    const actions = noteActions();
    await openActions(1, {typed: ""});
    await choose("send_email");
    expect.verifySteps([]);
    expect(actions).toEqual([]);
});

test("whoever may only read is offered what changes nothing", async () => {
    Lead._records[2].partner_id = serverState.partnerId;
    await openActions(3);
    expect(entries()).toEqual(["Open Contact"]);
});
