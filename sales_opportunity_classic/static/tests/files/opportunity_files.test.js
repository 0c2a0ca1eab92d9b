import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryText, setInputFiles, waitFor} from "@odoo/hoot-dom";
import {animationFrame, Deferred, runAllTimers} from "@odoo/hoot-mock";
import {browser} from "@web/core/browser/browser";
import {
    contains,
    makeServerError,
    mockService,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {dragenterFiles, dropFiles} from "@mail/../tests/mail_test_helpers";
import {getDroppedFiles} from "@sales_opportunity_classic/files/dropped_files";
import {defineOpportunityModels, openFormWithTab} from "../opportunity_test_helpers";

defineOpportunityModels();

const row = (id, values) => ({
    id,
    attachment_id: 100 + id,
    name: `File ${id}.pdf`,
    mimetype: "application/pdf",
    size: 2048,
    checksum: `c${id}`,
    date: "2025-03-01 10:00:00",
    user: "Marc",
    description: "",
    category: "",
    tags: [],
    partner_id: 3,
    partner: "Rome Stones",
    lead_id: 1,
    lead: "Ten desks",
    visibility: "team",
    version: 1,
    has_older: false,
    date_expiry: false,
    is_expired: false,
    active: true,
    can_edit: true,
    can_delete: true,
    ...values,
});

const file = (name) => new File(["content"], name, {type: "text/plain"});

let panel = {};
let chatter = {};
let offers = {};

beforeEach(() => {
    panel = {rows: [row(2), row(1)], has_more: false, can_add: true, related: false};
    chatter = {rows: [], has_more: false};
    offers = {};
    onRpc("crm.lead", "get_file_panel", ({args}) => {
        const [ids, filters, beforeId] = args;
        const asked = Object.entries(filters).filter(([, value]) => value);
        expect.step(`load ${[ids, ...asked.flat(), beforeId || ""].join(" ").trim()}`);
        return panel;
    });
    onRpc("crm.lead", "get_chatter_files", () => chatter);
    onRpc("crm.lead", "get_file_offers", () => offers);
    onRpc("crm.lead", "get_file_refusals", ({args}) =>
        args[0].map(({name}) => name.endsWith(".exe") && `“${name}” is refused`)
    );
});

/** Answer uploads, one after the other, with ids from 10, and note what is sent. */
function answerUploads(answer = (id) => ({id})) {
    let id = 10;
    onRpc("/opportunity/files/upload", async (request) => {
        const data = await request.formData();
        const name = data.get("ufile").name;
        expect.step(`upload ${name} ${data.get("res_model")} ${data.get("res_id")}`);
        return answer(id++, name);
    });
}

async function openForm(values, options) {
    Object.assign(panel, values);
    await openFormWithTab("file_box", "opportunity_files", options);
}

async function drop(...files) {
    await dragenterFiles(".o_opportunity_files", files);
    await dropFiles(".o-Dropzone", files);
}

function noteActions() {
    const noted = [];
    mockService("action", {
        doAction(action) {
            noted.push(action);
        },
    });
    return noted;
}

test("nothing is asked before the tab is opened", async () => {
    await openForm({}, {openTab: false});
    expect.verifySteps([]);
    await contains(".nav-link[name=file_box]").click();
    expect.verifySteps(["load 1"]);
    expect(queryAllTexts(".o_file_open")).toEqual(["File 2.pdf", "File 1.pdf"]);
});

test("an empty box says what to do", async () => {
    await openForm({rows: []});
    expect(queryText(".o_files_empty")).toMatch(/No files yet/);
    expect(queryText(".o_files_empty")).toMatch(/Drag contracts/);
    expect.verifySteps(["load 1"]);
});

test("files are dropped, one of them refused", async () => {
    answerUploads();
    await openForm();
    expect.verifySteps(["load 1"]);
    await drop(file("a.txt"), file("virus.exe"), file("b.txt"));
    await waitFor(".o_file_upload[data-state=refused]:only-child");
    expect(queryText(".o_file_upload")).toMatch(/“virus.exe” is refused/);
    expect.verifySteps([
        "upload a.txt crm.lead 1",
        "upload b.txt crm.lead 1",
        "load 1",
    ]);
    await contains(".o_file_dismiss").click();
    expect(".o_file_upload").toHaveCount(0);
});

test("the server refuses, or is away for a moment", async () => {
    let isAway = true;
    answerUploads((id, name) => {
        if (name === "refused.txt") {
            return {error: {message: "Too large"}};
        }
        if (name === "away.txt" && isAway) {
            return "<html>Bad Gateway</html>";
        }
        return {id};
    });
    await openForm();
    await drop(file("refused.txt"), file("away.txt"), file("fine.txt"));
    await waitFor(".o_file_upload[data-state=failed]");
    await waitFor(".o_file_upload:count(2)");
    expect(queryAllTexts(".o_file_upload_text")).toEqual([
        "Too large",
        "“away.txt” was not uploaded. Try again.",
    ]);
    isAway = false;
    await contains(".o_file_retry").click();
    await waitFor(".o_file_upload:only-child");
    expect.verifySteps([
        "load 1",
        "upload refused.txt crm.lead 1",
        "upload away.txt crm.lead 1",
        "upload fine.txt crm.lead 1",
        "load 1",
        "upload away.txt crm.lead 1",
        "load 1",
    ]);
});

test("the same content becomes a new version, or both are kept", async () => {
    answerUploads();
    offers = {
        10: {id: 2, name: "File 2.pdf", is_same: true},
        11: {id: 1, name: "File 1.pdf", is_same: false},
    };
    onRpc("crm.lead", "action_make_file_version", ({args}) => {
        expect.step(`version ${args}`);
        return true;
    });
    await openForm();
    await drop(file("again.pdf"), file("File 1.pdf"));
    await waitFor(".o_file_upload[data-state=offered]:count(2)");
    expect(queryText(".o_file_upload:first")).toMatch(
        /“again.pdf” has the same content as “File 2.pdf”/
    );
    expect.verifySteps([
        "load 1",
        "upload again.pdf crm.lead 1",
        "upload File 1.pdf crm.lead 1",
        "load 1",
    ]);
    await contains(".o_file_new_version:first").click();
    expect.verifySteps(["version 1,10,2", "load 1"]);
    await contains(".o_file_keep_both").click();
    expect(".o_file_upload").toHaveCount(0);
    expect.verifySteps([]);
});

test("a few at a time, and one is cancelled", async () => {
    const answered = new Deferred();
    answerUploads(async (id) => {
        await answered;
        return {id};
    });
    await openForm();
    await drop(...["a", "b", "c", "d", "e"].map((name) => file(`${name}.txt`)));
    await waitFor(".o_file_upload[data-state=sending]:count(3)");
    expect(".o_file_upload[data-state=waiting]").toHaveCount(2);
    expect(".o_file_progress[role=progressbar]").toHaveCount(5);
    await contains(".o_file_upload:last .o_file_dismiss").click();
    expect(".o_file_upload").toHaveCount(4);
    answered.resolve();
    await waitFor(".o_file_row");
    await animationFrame();
    expect(".o_file_upload[data-state=waiting]").toHaveCount(0);
    expect.verifySteps([
        "load 1",
        "upload a.txt crm.lead 1",
        "upload b.txt crm.lead 1",
        "upload c.txt crm.lead 1",
        "upload d.txt crm.lead 1",
        "load 1",
    ]);
});

test("a record that is new is saved first", async () => {
    answerUploads();
    onRpc("crm.lead", "web_save", ({args}) => {
        expect.step(`save ${args[1].name}`);
    });
    await openForm({}, {resId: false});
    expect.verifySteps([]);
    await contains("[name=name] input").edit("Twenty desks");
    await setFiles(file("a.txt"));
    await waitFor(".o_file_row");
    expect.verifySteps(["save Twenty desks", "upload a.txt crm.lead 4", "load 4"]);
});

async function setFiles(...files) {
    await contains(".o_files_input", {visible: false}).click();
    await setInputFiles(files);
    await animationFrame();
}

test("who may only read sees no button to change anything", async () => {
    const values = {can_edit: false, can_delete: false};
    await openForm({can_add: false, rows: [row(1, values)]});
    expect(".o_files_upload").toHaveCount(0);
    await contains(".o_file_select input").click();
    expect(queryAllTexts(".o_files_selection button")).toEqual(["Download"]);
    await contains(".o_file_menu").click();
    expect(queryAllTexts(".o-dropdown--menu .dropdown-item")).toEqual([
        "Download",
        "Details",
    ]);
    expect.verifySteps(["load 1"]);
});

test("rename in place, by keyboard", async () => {
    onRpc("opportunity.file", "write", ({args}) => {
        expect.step(`write ${JSON.stringify(args)}`);
        if (args[1].name.endsWith(".exe")) {
            throw makeServerError({message: "Blocked"});
        }
        return true;
    });
    onRpc("opportunity.file", "read", () => [
        {id: 2, name: "Cleaned.pdf", mimetype: "application/pdf"},
    ]);
    await openForm();
    await contains(".o_file_open:first").focus();
    await press("F2");
    await animationFrame();
    await contains(".o_file_name_input").edit("bad.exe", {confirm: "Enter"});
    await animationFrame();
    expect(queryText(".o_file_name_error")).toBe("Blocked");
    await contains(".o_file_name_input").edit("Clean.pdf", {confirm: "Enter"});
    await animationFrame();
    expect(queryAllTexts(".o_file_open")).toEqual(["Cleaned.pdf", "File 1.pdf"]);
    expect.verifySteps([
        "load 1",
        'write [[2],{"name":"bad.exe"}]',
        'write [[2],{"name":"Clean.pdf"}]',
    ]);
});

test("escape leaves the name as it was", async () => {
    await openForm();
    await contains(".o_file_menu:first").click();
    await contains(".o_file_rename").click();
    await contains(".o_file_name_input").edit("Other", {confirm: false});
    await press("Escape");
    await animationFrame();
    expect(queryAllTexts(".o_file_open")).toEqual(["File 2.pdf", "File 1.pdf"]);
    expect.verifySteps(["load 1"]);
});

test("search, filter, and the bin", async () => {
    onRpc("crm.lead", "get_file_filters", () => ({
        category_id: [{id: 5, name: "Contract"}],
        tag_ids: [{id: 6, name: "Signed"}],
        lead_id: [],
    }));
    await openForm();
    await contains(".o_files_search").edit("lease", {confirm: false});
    await runAllTimers();
    await animationFrame();
    expect.verifySteps(["load 1", "load 1 search lease"]);
    await contains(".o_files_filters").click();
    await contains(".o_file_category").select("5");
    await contains(".o_file_in_bin").click();
    await animationFrame();
    expect.verifySteps([
        "load 1 search lease category_id 5",
        "load 1 search lease category_id 5 bin true",
    ]);
    expect(queryText(".o_files_filters .badge")).toBe("2");
});

test("more are loaded after the last one", async () => {
    await openForm({has_more: true});
    panel = {rows: [row(0)], has_more: false};
    await contains(".o_files_more").click();
    await animationFrame();
    expect(".o_file_row").toHaveCount(3);
    expect(".o_files_more").toHaveCount(0);
    expect.verifySteps(["load 1", "load 1 1"]);
});

test("the switch shows the files of all of the customer's", async () => {
    await openForm({related: {kind: "contact", name: "Rome Stones"}});
    expect(queryAllTexts(".o_files_scope button")).toEqual([
        "This Opportunity",
        "All of Rome Stones",
    ]);
    await contains(".o_files_scope button:last").click();
    await animationFrame();
    expect(".o_files_scope button:last").toHaveClass("active");
    expect.verifySteps(["load 1", "load 1 related true"]);
});

test("list or grid is remembered", async () => {
    await openForm();
    expect(".o_opportunity_files").toHaveClass("o_files_list");
    await contains(".o_files_as_grid").click();
    expect(".o_opportunity_files").toHaveClass("o_files_grid");
    expect(browser.localStorage.getItem("sales_opportunity_classic.file_view")).toBe(
        "grid"
    );
    expect.verifySteps(["load 1"]);
});

test("what is selected is downloaded, sent, shared and deleted", async () => {
    const actions = noteActions();
    for (const method of [
        "action_download_zip",
        "action_send_by_mail",
        "action_share_by_link",
        "action_restore",
    ]) {
        onRpc("opportunity.file", method, ({args}) => {
            expect.step(`${method} ${args[0]}`);
            return {name: method};
        });
    }
    onRpc("opportunity.file", "unlink", ({args}) => {
        expect.step(`unlink ${args[0]}`);
        return true;
    });
    await openForm();
    expect.verifySteps(["load 1"]);
    await contains(".o_files_select_all").click();
    for (const button of ["download", "send", "share"]) {
        await contains(`.o_files_${button}`).click();
        await animationFrame();
    }
    expect(actions.map(({name}) => name)).toEqual([
        "action_download_zip",
        "action_send_by_mail",
        "action_share_by_link",
    ]);
    await contains(".o_files_bin").click();
    await animationFrame();
    await contains(".o_notification_buttons button").click();
    await animationFrame();
    expect.verifySteps([
        "action_download_zip 2,1",
        "action_send_by_mail 2,1",
        "action_share_by_link 2,1",
        "unlink 2,1",
        "load 1",
        "action_restore 2,1",
        "load 1",
    ]);
});

test("the viewer opens what it can show, the rest is downloaded", async () => {
    const actions = noteActions();
    const sheet = {name: "Sheet.xlsx", mimetype: "application/vnd.ms-excel"};
    await openForm({rows: [row(3, {mimetype: "text/plain"}), row(2, sheet), row(1)]});
    await contains(".o_file_open:eq(1)").click();
    expect(actions[0].url).toMatch(/\/web\/content\/102\?.*download=true/);
    await contains(".o_file_open:first").click();
    await waitFor(".o-FileViewer iframe.o-isText");
    expect(".o-FileViewer-navigation").toHaveCount(2);
    await contains(".o-FileViewer-headerButton[aria-label=Close]").click();
    expect(".o-FileViewer").toHaveCount(0);
    expect.verifySteps(["load 1"]);
});

test("older versions are shown below", async () => {
    onRpc("opportunity.file", "get_file_versions", () => [row(1, {name: "Old.pdf"})]);
    await openForm({rows: [row(2, {version: 2, has_older: true})]});
    await contains(".o_file_version").click();
    expect(queryAllTexts(".o_file_open")).toEqual(["File 2.pdf", "Old.pdf"]);
    await contains(".o_file_version").click();
    expect(".o_file_row").toHaveCount(1);
    expect.verifySteps(["load 1"]);
});

test("what hangs in the chatter is kept", async () => {
    chatter.rows = [
        {...row(7), refusal: false, is_kept: false},
        {...row(8), refusal: "“virus.exe” is refused", is_kept: false},
        {...row(9), refusal: false, is_kept: true},
    ];
    onRpc("ir.attachment", "action_keep_in_file_box", ({args}) => {
        expect.step(`keep ${args[0]}`);
        return true;
    });
    await openForm();
    expect(".o_chatter_keep").toHaveCount(1);
    expect(".o_chatter_open").toHaveCount(2);
    await contains(".o_chatter_keep").click();
    await animationFrame();
    expect(".o_chatter_kept").toHaveCount(2);
    expect.verifySteps(["load 1", "keep 7", "load 1"]);
});

test("the next opportunity brings its own files", async () => {
    await openForm();
    await contains(".o_pager_next").click();
    await animationFrame();
    expect.verifySteps(["load 1", "load 2"]);
});

test("a dropped folder is read to its last page", async () => {
    const asEntry = (name) => ({
        isDirectory: false,
        file: (resolve) => resolve(file(name)),
    });
    const asFolder = (...pages) => ({
        isDirectory: true,
        createReader: () => ({readEntries: (resolve) => resolve(pages.shift() || [])}),
    });
    const folder = asFolder(
        [asEntry("a.txt"), asEntry(".DS_Store")],
        [asFolder([asEntry("b.txt")])]
    );
    const items = [folder, asEntry("c.txt")].map((entry) => ({
        webkitGetAsEntry: () => entry,
    }));
    const files = await getDroppedFiles({items, files: []});
    expect(files.map(({name}) => name)).toEqual(["a.txt", "b.txt", "c.txt"]);
});
