import {RadioField, radioField} from "@web/views/fields/radio/radio_field";
import {
    SelectionField,
    selectionField,
} from "@web/views/fields/selection/selection_field";
import {registry} from "@web/core/registry";

/**
 * Choices without the archived ones; the one that a record has stays visible.
 */
function withoutArchived(choices, {archived, record, name}) {
    return choices.filter(
        ([key]) => key === record.data[name] || !archived.includes(key)
    );
}

export class OpportunityDropdownField extends SelectionField {
    static props = {...SelectionField.props, archived: {type: Array, optional: true}};
    static defaultProps = {...SelectionField.defaultProps, archived: []};

    get options() {
        return withoutArchived(super.options, this.props);
    }
}

export class OpportunityRadioField extends RadioField {
    static props = {...RadioField.props, archived: {type: Array, optional: true}};
    static defaultProps = {...RadioField.defaultProps, archived: []};

    get items() {
        return withoutArchived(super.items, this.props);
    }
}

registry.category("fields").add("opportunity_dropdown", {
    ...selectionField,
    component: OpportunityDropdownField,
    supportedTypes: ["selection"],
    additionalClasses: ["o_field_selection"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...selectionField.extractProps(fieldInfo, dynamicInfo),
        archived: fieldInfo.options.archived,
    }),
});

registry.category("fields").add("opportunity_radio", {
    ...radioField,
    component: OpportunityRadioField,
    supportedTypes: ["selection"],
    additionalClasses: ["o_field_radio"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...radioField.extractProps(fieldInfo, dynamicInfo),
        archived: fieldInfo.options.archived,
    }),
});
