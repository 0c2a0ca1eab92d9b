import {expect, test} from "@odoo/hoot";
import {queryAll, queryAllTexts} from "@odoo/hoot-dom";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class LabelPrint extends models.Model {
    _name = "label.print";

    start_position = fields.Integer();
    columns = fields.Integer();
    rows = fields.Integer();
    label_count = fields.Integer();
    paper_width = fields.Float();
    paper_height = fields.Float();
    label_width = fields.Float();
    label_height = fields.Float();
    margin_left = fields.Float();
    margin_top = fields.Float();
    pitch_x = fields.Float();
    pitch_y = fields.Float();

    _records = [
        {
            id: 1,
            start_position: 2,
            columns: 2,
            rows: 3,
            label_count: 2,
            paper_width: 200,
            paper_height: 300,
            label_width: 90,
            label_height: 90,
            margin_left: 10,
            margin_top: 15,
            pitch_x: 100,
            pitch_y: 100,
        },
    ];
}

defineMailModels();
defineModels([LabelPrint]);

const filled = () =>
    queryAll(".o_opportunity_label").map((label) => label.matches(".o_filled"));

function mountSheet(attributes = "") {
    return mountView({
        type: "form",
        resModel: "label.print",
        resId: 1,
        arch: `
            <form>
                <field
                    name="start_position"
                    widget="opportunity_label_sheet"
                    ${attributes}
                />
            </form>`,
    });
}

test("the labels stand where the format says, those printed on are filled", async () => {
    await mountSheet();
    expect(filled()).toEqual([false, true, true, false, false, false]);
    const {style} = queryAll(".o_opportunity_label")[3];
    expect([style.left, style.top, style.width, style.height]).toEqual([
        "55%",
        "38.333%",
        "45%",
        "30%",
    ]);
});

test("a click chooses the first label", async () => {
    await mountSheet();
    await contains(".o_opportunity_label:eq(4)").click();
    expect(filled()).toEqual([false, false, false, false, true, true]);
    expect(queryAllTexts(".o_opportunity_label[aria-pressed=true]")).toEqual(["5"]);
});

test("where nothing can be changed a click does nothing", async () => {
    await mountSheet('readonly="1"');
    await contains(".o_opportunity_label:eq(4)").click();
    expect(queryAllTexts(".o_opportunity_label[aria-pressed=true]")).toEqual(["2"]);
});
