import {Component, onWillStart} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * A choice in a tree of options: one drop-down per level, each offering what is below
 * the choice of the level above.
 */
export class OpportunityDrilldownField extends Component {
    static template = "sales_opportunity_classic.DrilldownField";
    static props = {...standardFieldProps, placeholder: {type: String, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.options = [];
        onWillStart(() => this.loadOptions());
    }

    async loadOptions() {
        const {resModel} = this.props.record;
        this.options = await this.orm.searchRead(
            "opportunity.custom.option",
            [
                ["model", "=", resModel],
                ["field_name", "=", this.props.name],
            ],
            ["name", "complete_name", "parent_id"]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** The chosen option and those above it, from the top. */
    get path() {
        const path = [];
        let option = this.getOption(this.value?.id);
        while (option) {
            path.unshift(option);
            option = this.getOption(option.parent_id && option.parent_id[0]);
        }
        return path;
    }

    /** One entry per drop-down. */
    get levels() {
        const path = this.path;
        const parents = [false, ...path.map((option) => option.id)];
        return parents
            .map((parent, index) => ({
                parent,
                chosen: path[index]?.id || false,
                options: this.options.filter(
                    (option) => (option.parent_id && option.parent_id[0]) === parent
                ),
                label: index ? _t("Below %s", path[index - 1].name) : "",
            }))
            .filter((level) => level.options.length);
    }

    getOption(id) {
        return this.options.find((option) => option.id === id);
    }

    onChange(level, ev) {
        const option = this.getOption(Number(ev.target.value) || level.parent);
        this.props.record.update({
            [this.props.name]: option && {
                id: option.id,
                display_name: option.complete_name,
            },
        });
    }
}

registry.category("fields").add("opportunity_drilldown", {
    component: OpportunityDrilldownField,
    displayName: _t("Drill-down"),
    supportedTypes: ["many2one"],
    additionalClasses: ["o_field_many2one"],
    extractProps: ({placeholder}) => ({placeholder}),
});
