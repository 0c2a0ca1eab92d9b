import {CharField, charField} from "@web/views/fields/char/char_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useState} from "@odoo/owl";

const MASK = "•••••";
const SHOWN = 4;

/**
 * A text of which only the end is legible until the reader asks for it.
 */
export class OpportunityMaskedField extends CharField {
    static template = "sales_opportunity_classic.MaskedField";

    setup() {
        super.setup();
        this.state = useState({isRevealed: false});
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get formattedValue() {
        if (this.state.isRevealed || !this.value) {
            return this.value;
        }
        return MASK + this.value.slice(Math.max(SHOWN, this.value.length - SHOWN));
    }

    get toggleLabel() {
        return this.state.isRevealed ? _t("Hide") : _t("Show");
    }

    toggle() {
        this.state.isRevealed = !this.state.isRevealed;
    }
}

registry.category("fields").add("opportunity_masked", {
    ...charField,
    component: OpportunityMaskedField,
    displayName: _t("Masked Text"),
    supportedTypes: ["char"],
    additionalClasses: ["o_field_char"],
});
