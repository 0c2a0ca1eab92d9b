import {Component} from "@odoo/owl";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {STATIC_ACTIONS_GROUP_NUMBER} from "@web/search/action_menus/action_menus";

const REPORT = "sales_opportunity_classic.opportunity_report_print";
const VIEWS = ["pivot", "graph", "list"];

/**
 * @param {object} options what is printed of which report
 * @returns {object} the action that downloads the PDF file
 */
export function getPrintAction(options) {
    return {
        type: "ir.actions.report",
        report_type: "qweb-pdf",
        report_name: REPORT,
        report_file: REPORT,
        data: options,
    };
}

/**
 * Prints the figures of a report as the view shows them: filtered, grouped and
 * measured alike.
 */
export class ReportPrint extends Component {
    static template = "sales_opportunity_classic.ReportPrint";
    static components = {DropdownItem};
    static props = {};

    setup() {
        this.action = useService("action");
    }

    print() {
        const {resModel, domain} = this.env.searchModel;
        return this.action.doAction(
            getPrintAction({
                model: resModel,
                title: this.env.config.getDisplayName(),
                domain,
                filters: this.filters,
                ...this.shown,
            })
        );
    }

    get filters() {
        return this.env.searchModel.facets
            .filter((facet) => facet.type !== "groupBy")
            .map(({title, values, separator}) => {
                const words = values.join(` ${separator} `);
                return title ? `${title}: ${words}` : words;
            });
    }

    /** How the view groups and what it measures; a list has figures of its own. */
    get shown() {
        const {searchModel, __getContext__} = this.env;
        const context = Object.assign(
            {},
            ...__getContext__.callbacks.map((get) => get())
        );
        const columns = context.pivot_column_groupby || [];
        const rows = context.pivot_row_groupby || context.graph_groupbys;
        return {
            groupby: rows ? [...rows, ...columns] : searchModel.groupBy,
            measures:
                context.pivot_measures ||
                (context.graph_measure ? [context.graph_measure] : []),
        };
    }
}

registry.category("cogMenu").add(
    "opportunity-report-print",
    {
        Component: ReportPrint,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({config, searchModel}) =>
            VIEWS.includes(config.viewType) &&
            searchModel.resModel.startsWith("opportunity.report."),
    },
    {sequence: 5}
);
