/* global luxon */

import {Component, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {loadBundle} from "@web/core/assets";
import {deserializeDate, formatDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {formatMonetary, formatPercentage} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {OpportunityDashboardChart} from "./opportunity_dashboard_chart";
import {getPrintAction} from "../reports/report_print";

const {DateTime} = luxon;
const MODEL = "opportunity.report.dashboard";
const ALL = {period: "month", user_id: false, team_id: false};
const REFRESH_MS = 5 * 60 * 1000;

/**
 * What a sales manager looks at first: figures of a period beside those of the one
 * before, the pipeline, the forecast, the biggest deals and those that are stuck.
 */
export class OpportunityDashboard extends Component {
    static template = "sales_opportunity_classic.OpportunityDashboard";
    static components = {Layout, OpportunityDashboardChart};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.storageKey = `opportunity_dashboard,${user.userId}`;
        this.choices = useState(this.readChoices());
        this.state = useState({data: null, isLoading: false, updated: ""});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.start()]));
        let timer = 0;
        onMounted(() => {
            timer = browser.setInterval(() => this.refresh(), REFRESH_MS);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get periods() {
        return [
            ["month", _t("This Month")],
            ["quarter", _t("This Quarter")],
            ["year", _t("This Year")],
        ];
    }

    // What is read, and of what

    readChoices() {
        try {
            const kept = JSON.parse(browser.localStorage.getItem(this.storageKey));
            return {...ALL, ...kept};
        } catch {
            return {...ALL};
        }
    }

    /** Look at everything when what was chosen the last time is not there any more. */
    async start() {
        await this.load();
        if (this.isOffered("user_id", "users") && this.isOffered("team_id", "teams")) {
            return;
        }
        Object.assign(this.choices, {user_id: false, team_id: false});
        await this.load();
    }

    isOffered(name, choices) {
        const chosen = this.choices[name];
        return !chosen || this.state.data[choices].some(({id}) => id === chosen);
    }

    async load(orm = this.orm) {
        this.state.isLoading = true;
        const reading = orm.call(MODEL, "get_dashboard", [], {...this.choices});
        try {
            this.state.data = await this.keepLast.add(reading);
            this.state.updated = formatDateTime(DateTime.now(), {
                format: localization.timeFormat,
            });
        } finally {
            this.state.isLoading = false;
        }
    }

    /** Read again, but never before the last reading came, nor for nobody. */
    async refresh() {
        if (this.state.isLoading || document.hidden) {
            return;
        }
        try {
            await this.load(this.orm.silent);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    choose(name, value) {
        this.choices[name] = name === "period" ? value : Number(value) || false;
        browser.localStorage.setItem(this.storageKey, JSON.stringify(this.choices));
        return this.load();
    }

    print() {
        const {period, user_id, team_id} = this.choices;
        const {users, teams} = this.state.data;
        const chosen = [
            ...teams.filter(({id}) => id === team_id),
            ...users.filter(({id}) => id === user_id),
        ];
        return this.action.doAction(
            getPrintAction({
                model: MODEL,
                title: this.env.config.getDisplayName(),
                filters: [
                    Object.fromEntries(this.periods)[period].toString(),
                    ...chosen.map(({name}) => name),
                ],
                ...this.choices,
            })
        );
    }

    // What is shown

    formatMoney(amount, isShort = false) {
        return formatMonetary(amount, {
            currencyId: this.state.data.currency_id,
            digits: [16, 0],
            humanReadable: isShort,
        });
    }

    formatTile(tile) {
        return tile.name === "win_rate"
            ? formatPercentage(tile.value)
            : this.formatMoney(tile.value);
    }

    /**
     * @param {object} tile
     * @returns {object|false} how it changed since the period before
     */
    getTrend(tile) {
        if (!tile.previous) {
            return false;
        }
        const change = (tile.value - tile.previous) / tile.previous;
        const isGood = tile.name === "lost_revenue" ? change <= 0 : change >= 0;
        return {
            text: `${change >= 0 ? "▲" : "▼"} ${formatPercentage(Math.abs(change))}`,
            color: isGood ? "text-success" : "text-danger",
        };
    }

    get funnel() {
        const rows = this.state.data.funnel;
        return {
            labels: rows.map((row) => `${row.name} (${row.count})`),
            series: [
                {
                    label: _t("Expected Revenue"),
                    values: rows.map((row) => row.revenue),
                },
            ],
        };
    }

    get forecast() {
        const rows = this.state.data.forecast;
        return {
            labels: rows.map((row) => deserializeDate(row.month).toFormat("LLL yyyy")),
            series: [
                {label: _t("Won"), values: rows.map((row) => row.won)},
                {label: _t("Weighted"), values: rows.map((row) => row.weighted)},
                {label: _t("Expected"), values: rows.map((row) => row.expected)},
            ],
        };
    }

    get lists() {
        return [
            {name: "top", title: _t("Top Deals"), rows: this.state.data.top},
            {
                name: "stuck",
                title: _t("No Movement for 30 Days"),
                rows: this.state.data.stuck,
            },
        ];
    }

    // What opens

    openTile(tile) {
        return this.openReport(tile.label, tile.model, tile.domain);
    }

    openStage(index) {
        const row = this.state.data.funnel[index];
        return this.openReport(row.name, "opportunity.report.ageing", [
            ["stage_id", "=", row.stage_id],
            ...this.chosenDomain,
        ]);
    }

    openMonth(index) {
        const month = deserializeDate(this.state.data.forecast[index].month);
        return this.openReport(
            month.toFormat("LLLL yyyy"),
            "opportunity.report.forecast",
            [
                ["is_current", "=", true],
                ["date", ">=", month.toISODate()],
                ["date", "<", month.plus({months: 1}).toISODate()],
                ...this.chosenDomain,
            ]
        );
    }

    get chosenDomain() {
        return ["user_id", "team_id"]
            .filter((name) => this.choices[name])
            .map((name) => [name, "=", this.choices[name]]);
    }

    openReport(name, model, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: name.toString(),
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "pivot"],
            ],
        });
    }

    openLead(leadId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: leadId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("opportunity_dashboard", OpportunityDashboard);
