import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {contains, mountView} from "@web/../tests/web_test_helpers";
import {defineOpportunityModels} from "../opportunity_test_helpers";

defineOpportunityModels();

const titles = () => queryAllTexts(".o_notebook_headers .nav-link");

async function mountForm(resId, {resIds = [resId]} = {}) {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        resIds,
        arch: `
            <form js_class="opportunity_form">
                <field name="name"/>
                <field name="can_edit" invisible="1"/>
                <notebook>
                    <page name="general" string="General">
                        <field name="stage_id"/>
                    </page>
                    <page name="parties" string="Contacts" count_field="party_ids">
                        <field name="party_ids">
                            <list editable="bottom"><field name="name"/></list>
                        </field>
                    </page>
                </notebook>
            </form>`,
    });
}

test("a page counts its rows in its title", async () => {
    await mountForm(1);
    expect(titles()).toEqual(["General", "Contacts (2)"]);
});

test("nothing is counted where there are no rows", async () => {
    await mountForm(2);
    expect(titles()).toEqual(["General", "Contacts"]);
});

test.tags("desktop");
test("a row that is added or removed counts at once", async () => {
    await mountForm(1);
    await contains(".o_notebook_headers .nav-link:contains(Contacts)").click();
    await contains(".o_field_x2many_list_row_add a").click();
    await contains(".o_selected_row [name=name] input").edit("The boss", {
        confirm: false,
    });
    expect(titles()).toEqual(["General", "Contacts (3)"]);
    await contains(".o_list_record_remove").click();
    await contains(".o_list_record_remove").click();
    expect(titles()).toEqual(["General", "Contacts (1)"]);
});

test.tags("desktop");
test("pages that are not shown do not shift the counts", async () => {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `
            <form js_class="opportunity_form">
                <notebook>
                    <page name="hidden" string="Hidden" invisible="1" count_field="party_ids">
                        <field name="name"/>
                    </page>
                    <page name="general" string="General">
                        <field name="stage_id"/>
                    </page>
                    <page name="parties" string="Contacts" count_field="party_ids">
                        <field name="party_ids">
                            <list><field name="name"/></list>
                        </field>
                    </page>
                </notebook>
            </form>`,
    });
    expect(titles()).toEqual(["General", "Contacts (2)"]);
});

test("what may only be read is shown as such", async () => {
    await mountForm(3, {resIds: [3, 1]});
    expect("[name=name] input").toHaveCount(0);
    expect(".o_form_readonly").toHaveCount(1);
});

test.tags("desktop");
test("the next opportunity is edited again", async () => {
    await mountForm(3, {resIds: [3, 1]});
    await contains(".o_pager_next").click();
    await contains("[name=name] input").edit("Twelve desks");
    expect("[name=name] input").toHaveValue("Twelve desks");
});
