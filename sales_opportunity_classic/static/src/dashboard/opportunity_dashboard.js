import {Component, onWillStart, useState} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatMonetary, formatPercentage} from "@web/views/fields/formatters";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {OpportunityDashboardChart} from "./opportunity_dashboard_chart";

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
        this.choices = useState({
            period: "month",
            user_id: false,
            team_id: false,
        });
        this.state = useState({data: null});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    get periods() {
        return [
            ["month", _t("This Month")],
            ["quarter", _t("This Quarter")],
            ["year", _t("This Year")],
        ];
    }

    get labels() {
        return {
            won_revenue: _t("Won Revenue"),
            win_rate: _t("Win Rate"),
            average_revenue: _t("Average Deal"),
            lost_revenue: _t("Lost Revenue"),
            expected_revenue: _t("Pipeline Now"),
            weighted_revenue: _t("Weighted Pipeline Now"),
        };
    }

    async load() {
        this.state.data = await this.orm.call(
            "opportunity.report.dashboard",
            "get_dashboard",
            [],
            {...this.choices}
        );
    }

    choose(name, value) {
        this.choices[name] = name === "period" ? value : Number(value) || false;
        return this.load();
    }

    print() {
        window.print();
    }

    // What is shown

    formatMoney(amount) {
        return formatMonetary(amount, {
            currencyId: this.state.data.currency_id,
            digits: [16, 0],
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
        return this.openReport(this.labels[tile.name], tile.model, tile.domain);
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
