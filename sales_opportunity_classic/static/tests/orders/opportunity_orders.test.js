import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAllTexts, queryText} from "@odoo/hoot-dom";
import {animationFrame, Deferred} from "@odoo/hoot-mock";
import {contains, mockService, onRpc} from "@web/../tests/web_test_helpers";
import {defineOpportunityModels, openFormWithTab} from "../opportunity_test_helpers";

defineOpportunityModels();

const TOTALS = {ordered: 300, invoiced: 100, paid: 40, due: 60, refunded: 0};

const order = (id, values) => ({
    id,
    name: `S0000${id}`,
    date: "2025-03-01 10:00:00",
    state: "sale",
    state_label: "Sales Order",
    customer: "Rome Stones",
    salesperson: "Marc",
    currency_id: 1,
    amount: 300,
    lines: [
        {
            id: id * 10,
            name: "Desk\nblack",
            display_type: false,
            quantity: 3,
            unit: "Units",
            subtotal: 300,
        },
    ],
    lines_left: 0,
    actions: ["invoice", "send", "print"],
    ...values,
});

const invoice = {
    id: 7,
    name: "INV/7",
    date: "2025-03-03",
    state: "partial",
    state_label: "Partially Paid",
    customer: "Rome Stones",
    salesperson: "Marc",
    currency_id: 1,
    amount: 100,
    due: 60,
    is_refund: false,
    actions: ["pay", "print"],
};

const payment = {
    id: "partial_1",
    name: "Bank",
    document: "INV/7",
    date: "2025-03-04",
    state: "done",
    state_label: "Paid",
    currency_id: 1,
    amount: 40,
    payment_id: false,
    actions: [],
};

let overview = {};

beforeEach(() => {
    overview = {
        customer: "Rome Stones",
        currency_id: 1,
        totals: TOTALS,
        hidden: 0,
        left: 0,
        orders: [order(1)],
        moves: [invoice],
        payments: [payment],
    };
    onRpc("crm.lead", "get_order_overview", ({args, kwargs}) => {
        expect.step(`load ${args[0]} ${kwargs.scope}`);
        return overview;
    });
});

async function openForm(values, options) {
    Object.assign(overview, values);
    await openFormWithTab("orders", "opportunity_orders", options);
}

function notePresses() {
    const noted = [];
    mockService("action", {
        doActionButton(params) {
            noted.push(params);
        },
        doAction(action, options) {
            noted.push({...action, ...options});
        },
    });
    return noted;
}

test("nothing is asked before the tab is opened", async () => {
    await openForm({}, {openTab: false});
    expect.verifySteps([]);
    await contains(".nav-link[name=orders]").click();
    expect.verifySteps(["load 1 opportunity"]);
});

test("totals, documents and lines", async () => {
    await openForm();
    expect(queryAllTexts(".o_orders_totals dd").map((text) => text.trim())).toEqual([
        "$ 300.00",
        "$ 100.00",
        "$ 40.00",
        "$ 60.00",
        "$ 0.00",
    ]);
    expect(queryAllTexts(".o_orders_name").map((text) => text.trim())).toEqual([
        "S00001",
        "INV/7",
        "Bank",
    ]);
    expect(queryText(".o_orders_lines")).toMatch(/^Desk/);
    expect(queryText(".o_orders_lines")).toMatch(/3 Units/);
    expect(queryAllTexts(".o_orders_date")).toEqual([
        "03/01/2025",
        "03/03/2025",
        "03/04/2025",
    ]);
    expect(queryText(".o_orders_amount small")).toBe("$ 60.00 due");
    expect(".o_orders_hidden").toHaveCount(0);
    expect.verifySteps(["load 1 opportunity"]);
});

test("many orders are folded", async () => {
    await openForm({orders: [1, 2, 3, 4].map((id) => order(id))});
    expect(".o_orders_lines").toHaveCount(0);
    await contains(".o_orders_toggle:first").click();
    expect(".o_orders_lines").toHaveCount(1);
    await contains(".o_orders_toggle:first").click();
    expect(".o_orders_lines").toHaveCount(0);
    expect.verifySteps(["load 1 opportunity"]);
});

test("the switch shows all of the customer's", async () => {
    await openForm({hidden: 2});
    expect(queryText(".o_orders_hidden")).toMatch(/^2 documents of colleagues/);
    overview = {...overview, hidden: 0, orders: [order(5), order(6)]};
    await contains(".o_orders_of_customer").click();
    await animationFrame();
    expect(".o_orders_of_customer").toHaveClass("active");
    expect(".o_orders_lines").toHaveCount(2);
    expect.verifySteps(["load 1 opportunity", "load 1 customer"]);
});

test("a late answer does not overtake a later question", async () => {
    await openForm();
    const late = new Deferred();
    onRpc("crm.lead", "get_order_overview", async ({kwargs}) => {
        if (kwargs.scope === "customer") {
            await late;
            return {...overview, orders: []};
        }
        return overview;
    });
    await contains(".o_orders_of_customer").click();
    await contains(".o_opportunity_orders .btn-group button:first").click();
    late.resolve();
    await animationFrame();
    expect(".o_orders_lines").toHaveCount(1);
    expect.verifySteps(["load 1 opportunity"]);
});

test("without documents it says what to do", async () => {
    const pressed = notePresses();
    await openForm({orders: [], moves: [], payments: []});
    expect(queryText(".o_orders_empty")).toMatch(/No quotation yet/);
    await contains(".o_orders_empty button").click();
    expect(pressed[0].name).toBe("action_sale_quotations_new");
    expect(pressed[0].resModel).toBe("crm.lead");
    expect.verifySteps(["load 1 opportunity"]);
});

test("only documents of colleagues are not nothing", async () => {
    await openForm({orders: [], moves: [], payments: [], hidden: 1});
    expect(".o_orders_empty").toHaveCount(0);
    expect(queryText(".o_orders_hidden")).toMatch(/^One document of a colleague/);
    expect.verifySteps(["load 1 opportunity"]);
});

test("a row offers what the server allows", async () => {
    const pressed = notePresses();
    await openForm();
    await contains(".o_orders_actions .dropdown-toggle:eq(1)").click();
    expect(queryAllTexts(".o-dropdown--menu .dropdown-item")).toEqual([
        "Pay",
        "Print",
        "Open",
    ]);
    await contains(".o_orders_pay").click();
    expect(pressed[0]).toMatchObject({
        type: "object",
        name: "action_register_payment",
        resModel: "account.move",
        resId: 7,
        context: {dont_redirect_to_payments: true},
    });
    expect.verifySteps(["load 1 opportunity"]);
});

test("what was typed is saved first, and all is read again afterwards", async () => {
    const pressed = notePresses();
    onRpc("crm.lead", "web_save", ({args}) => {
        expect.step(`save ${JSON.stringify(args[1])}`);
    });
    await openForm();
    await contains("[name=name] input").edit("Eleven desks");
    await contains(".o_orders_open:first").click();
    await animationFrame();
    expect(pressed[0]).toMatchObject({res_model: "sale.order", res_id: 1});
    expect.verifySteps(["load 1 opportunity", 'save {"name":"Eleven desks"}']);
    await pressed[0].onClose();
    expect.verifySteps(["load 1 opportunity"]);
});

test("the next opportunity brings its own orders", async () => {
    await openForm();
    await contains(".o_pager_next").click();
    await animationFrame();
    expect.verifySteps(["load 1 opportunity", "load 2 opportunity"]);
});
