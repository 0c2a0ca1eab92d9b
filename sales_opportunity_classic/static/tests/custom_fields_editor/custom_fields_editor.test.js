import {expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {rpcBus} from "@web/core/network/rpc";
import {WebClient} from "@web/webclient/webclient";
import {layOut} from "@sales_opportunity_classic/custom_fields_editor/custom_fields_types";

defineMailModels();

function makeField(id, label, values = {}) {
    return {
        id,
        label,
        name: `x_${id}`,
        sequence: id,
        type: "text",
        help: "",
        placeholder: "",
        default: "",
        visible_to: "",
        active: true,
        required: false,
        wide: false,
        is_applied: false,
        options: [],
        ...values,
    };
}

const makeTab = () => ({
    id: 1,
    name: "Launch",
    sequence: 0,
    teams: [],
    visible_to: "",
    groups: [
        {
            id: 11,
            name: "Dates",
            sequence: 0,
            columns: 2,
            fields: [makeField(21, "Go Live"), makeField(22, "Ends", {active: false})],
        },
        {
            id: 12,
            name: "Technical",
            sequence: 1,
            columns: 1,
            fields: [makeField(23, "Version", {is_applied: true})],
        },
    ],
});

/**
 * Open the editor on a draft. What the draft is changed by becomes steps of the test.
 *
 * @param {object} [editor] what the server tells instead of one tab with two changes
 */
async function openEditor(editor = {}) {
    onRpc("opportunity.custom.definition", "search_read", () => [
        {id: 1, model: "crm.lead", display_name: "Opportunities"},
        {id: 2, model: "res.partner", display_name: "Contacts"},
    ]);
    onRpc("opportunity.custom.field", "fields_get", () => ({
        field_type: {
            type: "selection",
            selection: [
                ["text", "Text"],
                ["dropdown", "Drop-down"],
            ],
        },
    }));
    onRpc("opportunity.custom.definition", "get_editor", () => ({
        tabs: [makeTab()],
        changes: ["Adds the field “Go Live”", "Adds the field “Ends”"],
        summary: "adds 2 fields",
        problems: [],
        ...editor,
    }));
    for (const method of ["action_apply", "action_discard"]) {
        onRpc("opportunity.custom.definition", method, ({args}) => {
            expect.step(`${method} ${args[0]}`);
            return true;
        });
    }
    onRpc("opportunity.custom.field", "create", ({args}) => {
        expect.step(`create ${JSON.stringify(args[0][0])}`);
        return [30];
    });
    onRpc("opportunity.custom.field", "write", ({args}) => {
        expect.step(`write ${JSON.stringify(args)}`);
        return true;
    });
    onRpc("opportunity.custom.field", "web_resequence", ({args}) => {
        expect.step(`order ${args[0]}`);
        return [];
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "opportunity_custom_editor",
    });
}

async function startAdding() {
    await contains(".o_custom_part_group:first .o_custom_add_field").click();
    await contains(".o_custom_adding input[name=label]").edit("Risk", {confirm: false});
}

test("the change list and the number of changes stand beside the draft", async () => {
    await openEditor();
    expect(".o_custom_apply .badge").toHaveText("2");
    expect(".o_custom_changes summary").toHaveText(/adds 2 fields/);
    expect(".o_custom_changes li").toHaveCount(2);
});

test("without changes there is nothing to apply", async () => {
    await openEditor({changes: [], summary: ""});
    expect(".o_custom_apply").not.toBeEnabled();
    expect(".o_custom_changes").toHaveCount(0);
});

test("problems are a warning", async () => {
    await openEditor({problems: ["“Budget” cannot be shown."]});
    expect(".o_custom_problems").toHaveText("“Budget” cannot be shown.");
});

test("fields tell their state", async () => {
    await openEditor();
    const badges = (label) =>
        queryAllTexts(`.o_custom_part_field:contains(${label}) .badge`);
    expect(badges("Go Live")).toEqual(["New"]);
    expect(badges("Ends")).toEqual(["New", "Archived"]);
    expect(badges("Version")).toEqual([]);
});

test("the preview leaves out archived fields", async () => {
    await openEditor();
    expect(queryAllTexts(".o_custom_preview .o_form_label")).toEqual([
        "Go Live",
        "Version",
    ]);
});

test("labels are never markup", async () => {
    const label = "<img src=x onerror=alert(1)>";
    const tab = {...makeTab(), name: label};
    tab.groups[0].fields = [makeField(21, label, {help: label})];
    await openEditor({tabs: [tab], changes: [label]});
    expect(".o_custom_editor img").toHaveCount(0);
    expect(queryAllTexts(".o_custom_part_field .o_custom_open")).toEqual([
        label,
        "Version",
    ]);
});

test("an empty draft asks for a tab", async () => {
    await openEditor({tabs: [], changes: [], summary: ""});
    expect(".o_view_nocontent .o_custom_example").toHaveCount(1);
    expect(".o_custom_adding_tab input[name=label]").toBeFocused();
});

test("another kind of record has a draft of its own", async () => {
    await openEditor();
    onRpc("opportunity.custom.definition", "get_editor", ({args}) => {
        expect.step(`read ${args[0]}`);
        return {tabs: [], changes: [], summary: "", problems: []};
    });
    await contains(".o_control_panel button:contains(Contacts)").click();
    expect.verifySteps(["read 2"]);
    expect(".o_custom_part_tab").toHaveCount(0);
    expect(".o_view_nocontent .o_custom_example").toHaveCount(0);
    expect(".o_custom_adding_tab input[name=label]").toBeFocused();
});

test("a field is added behind the others with its options", async () => {
    await openEditor();
    await startAdding();
    await contains(".o_custom_adding select").select("dropdown");
    await contains(".o_custom_adding input[name=options]").edit("Low, High,", {
        confirm: false,
    });
    await press("Enter");
    await animationFrame();
    const options = [
        [0, 0, {name: "Low", sequence: 0}],
        [0, 0, {name: "High", sequence: 1}],
    ];
    const values = {
        label: "Risk",
        field_type: "dropdown",
        option_ids: options,
        group_id: 11,
        sequence: 23,
    };
    expect.verifySteps([`create ${JSON.stringify(values)}`]);
    expect(".o_custom_adding input[name=label]").toHaveValue("");
    expect(".o_custom_adding input[name=label]").toBeFocused();
});

test("what was typed stays when the server refuses it", async () => {
    expect.errors(1);
    await openEditor();
    onRpc("opportunity.custom.field", "create", () => {
        throw makeServerError({message: "There is one already."});
    });
    await startAdding();
    await press("Enter");
    await animationFrame();
    expect.verifyErrors([/There is one already/]);
    expect(".o_custom_adding input[name=label]").toHaveValue("Risk");
});

test("Alt and an arrow move a field into the next header", async () => {
    await openEditor();
    await contains(".o_custom_open:contains(Ends)").focus();
    await press(["Alt", "ArrowDown"]);
    await animationFrame();
    expect.verifySteps(['write [[22],{"group_id":12}]', "order 22,23"]);
});

test("Alt and an arrow move a field within its header", async () => {
    await openEditor();
    await contains(".o_custom_open:contains(Ends)").focus();
    await press(["Alt", "ArrowUp"]);
    await animationFrame();
    expect.verifySteps(["order 22,21"]);
});

test("the first field goes no further up", async () => {
    await openEditor();
    await contains(".o_custom_open:contains(Go Live)").focus();
    await press(["Alt", "ArrowUp"]);
    await animationFrame();
    expect.verifySteps([]);
});

test("Apply tells what was done, and views are read anew", async () => {
    await openEditor();
    const forget = ({detail}) => expect.step(`forget ${detail || "everything"}`);
    rpcBus.addEventListener("CLEAR-CACHES", forget);
    await contains(".o_custom_apply").click();
    await animationFrame();
    rpcBus.removeEventListener("CLEAR-CACHES", forget);
    expect.verifySteps(["action_apply 1", "forget everything"]);
    expect(".o_notification").toHaveText(/adds 2 fields/);
});

test.tags("desktop");
test("Discard asks first", async () => {
    await openEditor();
    await contains(".o_custom_discard").click();
    expect(".modal-body").toHaveText(/adds 2 fields/);
    expect.verifySteps([]);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["action_discard 1"]);
});

test("a field that was never applied goes after a question", async () => {
    await openEditor();
    onRpc("opportunity.custom.field", "unlink", ({args}) => {
        expect.step(`unlink ${args[0]}`);
        return true;
    });
    await contains(".o_custom_part_field:contains(Go Live) .o_custom_menu").click();
    await contains(".dropdown-item:contains(Delete)").click();
    expect.verifySteps([]);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["unlink 21"]);
});

test("the server's dialog asks before a live field is deleted", async () => {
    await openEditor();
    onRpc("opportunity.custom.field", "action_delete", ({args}) => {
        expect.step(`ask for ${args[0]}`);
        return {type: "ir.actions.act_window_close"};
    });
    await contains(".o_custom_part_field:contains(Version) .o_custom_menu").click();
    await contains(".dropdown-item:contains(Delete)").click();
    await animationFrame();
    expect.verifySteps(["ask for 23"]);
});

test("fields are dealt out as the form does", () => {
    const fields = ["a", "b", "c", "W", "d"].map((name) => ({
        name,
        wide: name === "W",
    }));
    const names = (columns) =>
        layOut(fields, columns).map((run) => run.fields.map(({name}) => name).join(""));
    expect(names(2)).toEqual(["ab", "c", "W", "d"]);
    expect(names(1)).toEqual(["abc", "W", "d"]);
    expect(layOut([], 2)).toEqual([]);
});

test("working in a tab selects it for the preview", async () => {
    const other = {...makeTab(), id: 2, name: "Money", groups: []};
    await openEditor({tabs: [makeTab(), other]});
    queryOne(".o_custom_part_tab:last .o_custom_open").focus();
    await animationFrame();
    expect(".o_custom_preview .nav-link.active").toHaveText("Money");
});
