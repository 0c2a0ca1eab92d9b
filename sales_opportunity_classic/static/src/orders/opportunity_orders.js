import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {formatFloat, formatMonetary} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {getButtons} from "./order_buttons";

// With more orders than these their lines are folded.
const UNFOLDED = 3;

const BADGES = {
    draft: "text-bg-info",
    sent: "text-bg-primary",
    sale: "text-bg-success",
    cancel: "text-bg-light",
    partial: "text-bg-warning",
    in_payment: "text-bg-success",
    paid: "text-bg-success",
    reversed: "text-bg-secondary",
    pending: "text-bg-warning",
    authorized: "text-bg-warning",
    done: "text-bg-success",
    error: "text-bg-danger",
};

const TOTALS = [
    {kind: "ordered", label: _t("Ordered"), help: _t("Confirmed orders")},
    {kind: "invoiced", label: _t("Invoiced"), help: _t("Posted invoices")},
    {
        kind: "paid",
        label: _t("Paid"),
        help: _t("Money received less money paid back, online payments included"),
    },
    {kind: "due", label: _t("Due"), help: _t("Still open on posted invoices")},
    {kind: "refunded", label: _t("Refunded"), help: _t("Posted credit notes")},
];

/**
 * The quotations, orders, invoices and payments of an opportunity, or of its customer.
 * It asks the server once it is shown, that is when its tab is opened.
 */
export class OpportunityOrders extends Component {
    static template = "sales_opportunity_classic.OpportunityOrders";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.totals = TOTALS;
        this.state = useState({overview: null, scope: "opportunity", unfolded: {}});
        useRecordObserver((record) => {
            if (this.getVersion(record) !== this.version) {
                return this.load(record);
            }
        });
    }

    /** @returns {string} what differs when the orders do, by Odoo's counts on the form */
    getVersion({resId, data}) {
        const {quotation_count, sale_order_count, sale_amount_total} = data;
        return [resId, quotation_count, sale_order_count, sale_amount_total].join();
    }

    async load(record = this.props.record) {
        this.version = this.getVersion(record);
        if (!record.resId) {
            this.state.overview = null;
            return;
        }
        const overview = await this.keepLast.add(
            this.orm.call("crm.lead", "get_order_overview", [record.resId], {
                scope: this.state.scope,
            })
        );
        this.state.overview = overview;
    }

    async setScope(scope) {
        this.state.scope = scope;
        await this.load();
    }

    // Rows

    get overview() {
        return this.state.overview;
    }

    get isEmpty() {
        const {orders, moves, payments, hidden} = this.overview;
        return !orders.length && !moves.length && !payments.length && !hidden;
    }

    /** @returns {object[]} the three lists that have rows */
    get sections() {
        const {orders, moves, payments} = this.overview;
        return [
            {name: "orders", title: _t("Quotations and Orders"), rows: orders},
            {name: "moves", title: _t("Invoices and Credit Notes"), rows: moves},
            {name: "payments", title: _t("Payments"), rows: payments},
        ].filter(({rows}) => rows.length);
    }

    getBadge({state}) {
        return BADGES[state] || "text-bg-light";
    }

    getButtons(section, row) {
        return getButtons(section, row);
    }

    /** @returns {string} what was paid, another customer than the one, or who sold */
    getParty({document, customer, salesperson}) {
        const other = customer !== this.overview.customer && customer;
        return document || other || salesperson;
    }

    isUnfolded(row) {
        const few = this.overview.orders.length <= UNFOLDED;
        return this.state.unfolded[row.id] ?? few;
    }

    toggle(row) {
        this.state.unfolded[row.id] = !this.isUnfolded(row);
    }

    formatAmount(amount, currencyId) {
        return formatMonetary(amount, {currencyId});
    }

    formatDay(date) {
        const deserialize = date?.length > 10 ? deserializeDateTime : deserializeDate;
        return date ? formatDate(deserialize(date)) : "";
    }

    formatQuantity({quantity, unit}) {
        return `${formatFloat(quantity, {trailingZeros: false})} ${unit || ""}`;
    }

    // Actions

    /** Save what was typed, do it, and show what has become of it. */
    async run(execute) {
        const {record} = this.props;
        if (await record.save()) {
            await execute({onClose: () => this.reload()});
        }
    }

    async reload() {
        await this.props.record.load();
        await this.load();
    }

    press({model, resId, button}) {
        return this.run((options) =>
            this.action.doActionButton({
                ...button,
                resModel: model,
                resId,
                resIds: [resId],
                ...options,
            })
        );
    }

    open(model, resId) {
        return this.run((options) =>
            this.action.doAction(
                {
                    type: "ir.actions.act_window",
                    res_model: model,
                    res_id: resId,
                    views: [[false, "form"]],
                },
                options
            )
        );
    }

    newQuotation() {
        return this.press({
            model: "crm.lead",
            resId: this.props.record.resId,
            button: {type: "object", name: "action_sale_quotations_new"},
        });
    }
}

registry
    .category("view_widgets")
    .add("opportunity_orders", {component: OpportunityOrders});
