import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {advanceTime, animationFrame, Deferred} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getMockEnv,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {user} from "@web/core/user";
import {WebClient} from "@web/webclient/webclient";

defineMailModels();

const DATA = {
    currency_id: 1,
    users: [{id: 7, name: "Ann"}],
    teams: [{id: 3, name: "Europe"}],
    tiles: [
        {
            name: "won_revenue",
            label: "Won Revenue",
            model: "opportunity.report.outcome",
            value: 1500,
            previous: 1000,
            domain: [["user_id", "=", 7]],
        },
        {
            name: "lost_revenue",
            label: "Lost Revenue",
            model: "opportunity.report.outcome",
            value: 50,
            previous: 100,
            domain: [],
        },
        {
            name: "win_rate",
            label: "Win Rate",
            model: "opportunity.report.outcome",
            value: 0.25,
            previous: 0,
            domain: [],
        },
    ],
    funnel: [{stage_id: 1, name: "New", count: 2, revenue: 300}],
    forecast: [{month: "2026-03-01", weighted: 10, expected: 20, won: 5}],
    top: [
        {
            lead_id: 5,
            name: "Ten desks",
            user: "Ann",
            stage: "New",
            revenue: 200,
            days: 3,
        },
    ],
    stuck: [],
};

const MINUTE = 60 * 1000;

async function openDashboard() {
    onRpc("opportunity.report.dashboard", "get_dashboard", ({kwargs}) => {
        expect.step([kwargs.period, kwargs.team_id, kwargs.user_id].join(" "));
        return DATA;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "opportunity_dashboard",
    });
    await animationFrame();
}

test("tiles show how they changed", async () => {
    await openDashboard();
    expect.verifySteps(["month false false"]);
    expect(".o_dashboard_tile[data-name=won_revenue] .text-success").toHaveText(
        "▲ 50%"
    );
    expect(".o_dashboard_tile[data-name=lost_revenue] .text-success").toHaveText(
        "▼ 50%"
    );
    expect(".o_dashboard_tile[data-name=win_rate]").toHaveText("Win Rate\n25%");
    expect("canvas").toHaveCount(2);
    expect(queryAllTexts("[data-name=stuck] td")).toEqual(["Nothing here."]);
});

test("another period, team and salesperson are asked for", async () => {
    await openDashboard();
    await contains(".o_dashboard_period").select("year");
    await contains(".o_dashboard_team").select("3");
    await contains(".o_dashboard_user").select("7");
    await contains(".o_dashboard_refresh").click();
    expect.verifySteps([
        "month false false",
        "year false false",
        "year 3 false",
        "year 3 7",
        "year 3 7",
    ]);
});

test("each figure opens what it is of", async () => {
    const opened = [];
    await openDashboard();
    patchWithCleanup(getService("action"), {
        doAction: (action) => opened.push([action.res_model, action.res_id]),
    });
    await contains(".o_dashboard_tile[data-name=won_revenue]").click();
    await contains("[data-name=top] .o_dashboard_row").click();
    expect(opened).toEqual([
        ["opportunity.report.outcome", undefined],
        ["crm.lead", 5],
    ]);
    expect.verifySteps(["month false false"]);
});

test("what was chosen is chosen again, if it is still there", async () => {
    const key = `opportunity_dashboard,${user.userId}`;
    browser.localStorage.setItem(key, '{"period": "year", "team_id": 3}');
    await openDashboard();
    expect.verifySteps(["year 3 false"]);
    expect(".o_dashboard_team").toHaveValue("3");
    await contains(".o_dashboard_user").select("7");
    expect(JSON.parse(browser.localStorage.getItem(key)).user_id).toBe(7);
    expect.verifySteps(["year 3 7"]);
});

test("a team that is gone is not asked for again", async () => {
    const key = `opportunity_dashboard,${user.userId}`;
    browser.localStorage.setItem(key, '{"period": "year", "team_id": 99}');
    await openDashboard();
    expect.verifySteps(["year 99 false", "year false false"]);
});

test("it refreshes by itself, one reading at a time", async () => {
    await openDashboard();
    expect.verifySteps(["month false false"]);
    const slow = new Deferred();
    onRpc("opportunity.report.dashboard", "get_dashboard", async () => {
        expect.step("slow");
        await slow;
        return DATA;
    });
    await advanceTime(5 * MINUTE);
    await advanceTime(5 * MINUTE);
    expect.verifySteps(["slow"]);
    slow.resolve();
    await animationFrame();
    await advanceTime(5 * MINUTE);
    expect.verifySteps(["slow"]);
});

test("it prints what was chosen", async () => {
    await openDashboard();
    await contains(".o_dashboard_team").select("3");
    expect.verifySteps(["month false false", "month 3 false"]);
    patchWithCleanup(getService("action"), {
        doAction: ({report_type, data}) =>
            expect.step([report_type, data.model, ...data.filters].join(" ")),
    });
    if (getMockEnv().isSmall) {
        await contains(".o_control_panel .o-control-panel-adaptive-dropdown").click();
    }
    await contains(".o_dashboard_print:visible").click();
    expect.verifySteps(["qweb-pdf opportunity.report.dashboard This Month Europe"]);
});
