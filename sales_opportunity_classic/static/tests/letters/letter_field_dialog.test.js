import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {LetterFieldDialog} from "@sales_opportunity_classic/letters/letter_field_dialog";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {animationFrame} from "@odoo/hoot-mock";
import {defineOpportunityModels} from "../opportunity_test_helpers";

defineOpportunityModels();

const FIELDS = [
    {key: "contact.name", label: "Name", group: "Contact", value: "Jane Doe"},
    {key: "contact.city", label: "City", group: "Contact", value: "Rome"},
    {key: "company.name", label: "Name", group: "Company", value: "Acme"},
];

const shown = () => queryAllTexts(".o_letter_field_list button span:first-child");

async function openDialog(props = {}) {
    onRpc("crm.lead", "get_letter_fields", ({kwargs}) => {
        expect.step(`fields of ${kwargs.record_id}`);
        return {sample: "Ten desks", fields: FIELDS};
    });
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(LetterFieldDialog, {
        resModel: "crm.lead",
        recordId: 7,
        values: {},
        isCondition: false,
        onChosen: ({props: chosen, text}) =>
            expect.step(`${text} ${JSON.stringify(chosen)}`),
        ...props,
    });
    await animationFrame();
    expect.verifySteps(["fields of 7"]);
}

test("the fields stand with their values in groups", async () => {
    await openDialog();
    expect(shown()).toEqual(["Name", "City", "Name"]);
    expect(".o_letter_field_list").toHaveText(/Contact.*Jane Doe.*Company.*Acme/s);
    expect(".modal").toHaveText(/Values of Ten desks/);
});

test("a search finds fields by group and label", async () => {
    await openDialog();
    await contains(".o_letter_field_search").edit("contact city");
    expect(shown()).toEqual(["City"]);
});

test("a field is chosen with its default", async () => {
    await openDialog();
    expect(".o_letter_field_confirm").not.toBeEnabled();
    await contains("[data-key='contact.name']").click();
    await contains(".o_letter_default").edit("friend");
    await contains(".o_letter_field_confirm").click();
    expect.verifySteps(['Contact: Name {"key":"contact.name","default":"friend"}']);
});

test("a field that is needed says so", async () => {
    await openDialog();
    await contains("[data-key='contact.name']").click();
    await contains(".modal input[type=checkbox]").click();
    await contains(".o_letter_field_confirm").click();
    expect.verifySteps(['Contact: Name {"key":"contact.name","required":"1"}']);
});

test("a condition compares a value", async () => {
    await openDialog({isCondition: true});
    await contains("[data-key='contact.city']").click();
    expect(".o_letter_value").toHaveCount(0);
    await contains(".o_letter_operator").select("equals");
    await contains(".o_letter_value").edit("Rome");
    await contains(".o_letter_field_confirm").click();
    expect.verifySteps([
        'Only if Contact: City is “Rome” {"key":"contact.city","operator":"equals","value":"Rome"}',
    ]);
});

test("what was chosen before is shown", async () => {
    const values = {key: "contact.city", operator: "empty"};
    await openDialog({isCondition: true, values});
    expect("[data-key='contact.city']").toHaveClass("active");
    expect(".o_letter_operator").toHaveValue("empty");
});
