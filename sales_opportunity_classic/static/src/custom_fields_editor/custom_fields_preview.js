import {Component, useState} from "@odoo/owl";
import {getDrawing, getOptions, layOut} from "./custom_fields_types";

const SHOWN_OPTIONS = 12;

/** A field as the form will show it, for looking at only. */
export class CustomFieldsPreviewField extends Component {
    static template = "sales_opportunity_classic.CustomFieldsPreviewField";
    static props = {field: Object};

    get drawing() {
        return getDrawing(this.props.field.type).drawing;
    }

    get icon() {
        return getDrawing(this.props.field.type).icon;
    }

    get options() {
        return getOptions(this.props.field);
    }

    /** @returns {boolean} whether the options are seen after a click only */
    get isFolded() {
        return this.drawing === "line";
    }

    get shownOptions() {
        return this.options.slice(0, SHOWN_OPTIONS);
    }

    /** @returns {string} what an empty field shows, or a new one has */
    get text() {
        const {default: key, placeholder} = this.props.field;
        const option = this.options.find((other) => other.key === key);
        return option?.name || key || placeholder;
    }
}

/** The tabs of the draft as the form will show them. */
export class CustomFieldsPreview extends Component {
    static template = "sales_opportunity_classic.CustomFieldsPreview";
    static components = {CustomFieldsPreviewField};
    static props = {model: Object};

    setup() {
        this.model = useState(this.props.model);
    }

    /** @returns {object[]} the headers that have fields to show, as the form does */
    get groups() {
        return this.model.tab.groups
            .map((group) => ({
                ...group,
                fields: group.fields.filter((field) => field.active),
            }))
            .filter((group) => group.fields.length)
            .map((group) => ({...group, runs: layOut(group.fields, group.columns)}));
    }
}
