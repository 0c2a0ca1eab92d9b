import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {PARTS} from "./custom_fields_model";
import {TYPES_WITH_OPTIONS} from "./custom_fields_types";

/**
 * Adds parts in one line. It stays ready for the next one; what was typed stays until
 * it is saved.
 */
export class CustomFieldsAdd extends Component {
    static template = "sales_opportunity_classic.CustomFieldsAdd";
    static props = {
        model: Object,
        what: {validate: (what) => what in PARTS},
        parentId: [Number, String],
    };

    setup() {
        this.model = useState(this.props.model);
        this.root = useRef("root");
        this.label = useRef("label");
        const isOpen = this.props.what === "tab" && !this.model.tabs.length;
        this.state = useState({isOpen, label: "", type: "text", options: ""});
        useEffect(
            () => this.label.el?.focus(),
            () => [this.state.isOpen]
        );
    }

    get texts() {
        return {
            tab: {button: _t("Add a tab"), label: _t("Name of the tab")},
            group: {button: _t("Add a header"), label: _t("Name of the header")},
            field: {button: _t("Add a field"), label: _t("Label of the field")},
        }[this.props.what];
    }

    get hasOptions() {
        return (
            this.props.what === "field" && TYPES_WITH_OPTIONS.includes(this.state.type)
        );
    }

    get values() {
        const {label, type, options} = this.state;
        const values = {[PARTS[this.props.what].label]: label.trim()};
        if (this.props.what === "field") {
            values.field_type = type;
        }
        if (this.hasOptions) {
            const names = options.split(",").map((name) => name.trim());
            values.option_ids = names
                .filter(Boolean)
                .map((name, sequence) => [0, 0, {name, sequence}]);
        }
        return values;
    }

    async onSubmit() {
        if (this.model.isBusy || !this.state.label.trim()) {
            return;
        }
        await this.model.add(this.props.what, this.props.parentId, this.values);
        Object.assign(this.state, {label: "", options: ""});
        this.label.el?.focus();
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.close();
        }
    }

    onFocusout(ev) {
        const isLeft = !this.root.el?.contains(ev.relatedTarget);
        if (isLeft && !this.model.isBusy && !this.state.label.trim()) {
            this.close();
        }
    }

    close() {
        Object.assign(this.state, {isOpen: false, label: "", options: ""});
    }
}
