import {expect, test} from "@odoo/hoot";
import {queryText} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, mountView, onRpc} from "@web/../tests/web_test_helpers";
import {
    defineOpportunityModels,
    noteActions,
    wantClosingDialog,
} from "../opportunity_test_helpers";

defineOpportunityModels();

const currentStage = () => queryText(".o_arrow_button_current");

async function mountForm(resId) {
    wantClosingDialog();
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        arch: `
            <form>
                <header>
                    <field name="stage_id" widget="opportunity_stage_statusbar"
                        options="{'clickable': '1'}"/>
                </header>
                <field name="name"/>
            </form>`,
    });
}

async function choose(stage) {
    await contains(`.o_statusbar_status button[data-value='${stage}']`).click();
    await animationFrame();
}

test.tags("desktop");
test("a click on the won stage opens the dialog and moves nothing", async () => {
    const actions = noteActions();
    await mountForm(1);
    await choose(3);
    expect.verifySteps(["ask for 1 to 3"]);
    expect(actions[0].action.res_model).toBe("opportunity.mark.won");
    expect(currentStage()).toBe("Prospecting");
});

test.tags("mobile");
test("the won stage of the phone's drop-down opens the dialog, too", async () => {
    const actions = noteActions();
    await mountForm(1);
    await contains(".o_statusbar_status button.dropdown-toggle").click();
    await contains(".o-dropdown--menu .dropdown-item:contains(Signed)").click();
    await animationFrame();
    expect.verifySteps(["ask for 1 to 3"]);
    expect(actions).toHaveLength(1);
});

test.tags("desktop");
test("the opportunity is read again when the dialog is closed", async () => {
    const actions = noteActions();
    await mountForm(1);
    await choose(3);
    expect.verifySteps(["ask for 1 to 3"]);
    onRpc("crm.lead", "web_read", () => expect.step("read"));
    actions[0].options.onClose();
    await animationFrame();
    expect.verifySteps(["read"]);
});

test.tags("desktop");
test("a click on another stage moves", async () => {
    const actions = noteActions();
    await mountForm(1);
    await choose(2);
    expect.verifySteps(["ask for 1 to 2", 'save {"stage_id":2}']);
    expect(actions).toEqual([]);
    expect(currentStage()).toBe("Engaging");
});

test.tags("desktop");
test("what was typed is saved before the dialog opens", async () => {
    noteActions();
    await mountForm(1);
    await contains("[name=name] input").edit("Eleven desks");
    await choose(3);
    expect.verifySteps(['save {"name":"Eleven desks"}', "ask for 1 to 3"]);
});

test.tags("desktop");
test("nothing is asked while the opportunity cannot be saved", async () => {
    const actions = noteActions();
    await mountForm(1);
    await contains("[name=name] input").clear();
    await choose(3);
    expect(".o_field_invalid[name=name]").toHaveCount(1);
    expect.verifySteps([]);
    expect(actions).toEqual([]);
});

test.tags("desktop");
test("a new opportunity is saved in the stage it was put in", async () => {
    const actions = noteActions();
    await mountForm(false);
    await contains("[name=name] input").edit("Two sofas");
    await choose(3);
    expect.verifySteps(['save {"stage_id":3,"name":"Two sofas"}']);
    expect(actions).toEqual([]);
});
