import {Component, onWillStart, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {fuzzyLookup} from "@web/core/utils/search";
import {useAutofocus, useService} from "@web/core/utils/hooks";

const OPERATORS = [
    ["filled", _t("is filled")],
    ["empty", _t("is empty")],
    ["equals", _t("is")],
    ["differs", _t("is not")],
];

/** Chooses a merge field, or what a block depends on, with the values of a record. */
export class LetterFieldDialog extends Component {
    static template = "sales_opportunity_classic.LetterFieldDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        isCondition: Boolean,
        onChosen: Function,
        recordId: {type: [Number, Boolean], optional: true},
        resModel: String,
        values: Object,
    };

    setup() {
        this.orm = useService("orm");
        this.operators = OPERATORS;
        useAutofocus({refName: "search"});
        this.state = useState({
            search: "",
            key: "",
            default: "",
            required: "",
            operator: "filled",
            value: "",
            ...this.props.values,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const {resModel, recordId} = this.props;
        const {sample, fields} = await this.orm.call(
            resModel,
            "get_letter_fields",
            [],
            {
                record_id: recordId || false,
            }
        );
        this.sample = sample;
        this.fields = fields;
    }

    get title() {
        return this.props.isCondition
            ? _t("Block Under a Condition")
            : _t("Merge Field");
    }

    /** The fields that are found, by their groups. */
    get groups() {
        const {search} = this.state;
        const found = search
            ? fuzzyLookup(search, this.fields, ({group, label}) => `${group} ${label}`)
            : this.fields;
        const groups = new Map();
        for (const field of found) {
            groups.set(field.group, [...(groups.get(field.group) || []), field]);
        }
        return Array.from(groups, ([name, fields]) => ({name, fields}));
    }

    get chosen() {
        return this.fields.find(({key}) => key === this.state.key);
    }

    get comparesValue() {
        return ["equals", "differs"].includes(this.state.operator);
    }

    get text() {
        const label = `${this.chosen.group}: ${this.chosen.label}`;
        if (!this.props.isCondition) {
            return label;
        }
        const [, operator] = OPERATORS.find(([name]) => name === this.state.operator);
        const value = this.comparesValue ? ` “${this.state.value}”` : "";
        return _t("Only if %s", `${label} ${operator}${value}`);
    }

    get result() {
        const {key, operator, value, required} = this.state;
        if (!this.props.isCondition) {
            return {key, default: this.state.default, required};
        }
        return {key, operator, value: this.comparesValue ? value : ""};
    }

    confirm() {
        if (!this.chosen) {
            return;
        }
        const given = Object.entries(this.result).filter(([, value]) => value);
        this.props.onChosen({props: Object.fromEntries(given), text: this.text});
        this.props.close();
    }
}
