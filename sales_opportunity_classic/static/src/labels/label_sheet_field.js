import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A picture of a sheet of labels; a click on one of them makes it the first to be
 * printed. Labels that will be printed on are filled.
 */
export class OpportunityLabelSheetField extends Component {
    static template = "sales_opportunity_classic.LabelSheetField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get sheetStyle() {
        const {paper_width: width, paper_height: height} = this.props.record.data;
        return `aspect-ratio: ${width} / ${height};`;
    }

    /** One entry per label, in reading order. */
    get labels() {
        const {columns, rows, label_count: count} = this.props.record.data;
        return Array.from({length: columns * rows}, (_value, index) => {
            const number = index + 1;
            return {
                number,
                isFilled: number >= this.value && number < this.value + count,
                title: _t("Start at label %s", number),
                style: this.getStyle(index % columns, Math.floor(index / columns)),
            };
        });
    }

    getStyle(column, row) {
        const data = this.props.record.data;
        const places = {
            left: (data.margin_left + column * data.pitch_x) / data.paper_width,
            top: (data.margin_top + row * data.pitch_y) / data.paper_height,
            width: data.label_width / data.paper_width,
            height: data.label_height / data.paper_height,
        };
        return Object.entries(places)
            .map(([name, share]) => `${name}: ${(share * 100).toFixed(3)}%;`)
            .join(" ");
    }

    onClick(number) {
        if (!this.props.readonly) {
            this.props.record.update({[this.props.name]: number});
        }
    }
}

registry.category("fields").add("opportunity_label_sheet", {
    component: OpportunityLabelSheetField,
    displayName: _t("Sheet of Labels"),
    supportedTypes: ["integer"],
    fieldDependencies: [
        ...["columns", "rows", "label_count"].map((name) => ({name, type: "integer"})),
        ...[
            "paper_width",
            "paper_height",
            "label_width",
            "label_height",
            "margin_left",
            "margin_top",
            "pitch_x",
            "pitch_y",
        ].map((name) => ({name, type: "float"})),
    ],
});
