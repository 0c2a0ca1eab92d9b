import {HtmlField, htmlField} from "@html_editor/fields/html_field";
import {LetterFieldPlugin} from "./letter_field_plugin";
import {registry} from "@web/core/registry";

/** Odoo's rich editor with what letters have besides: merge fields and conditions. */
export class LetterHtmlField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        const {data} = this.props.record;
        return {
            ...config,
            Plugins: [...config.Plugins, LetterFieldPlugin],
            letterSample: () => ({
                resModel: data.res_model || "crm.lead",
                recordId: data.record_id || false,
            }),
        };
    }
}

registry.category("fields").add("opportunity_letter_html", {
    ...htmlField,
    component: LetterHtmlField,
    additionalClasses: ["o_field_html"],
    extractProps(fieldInfo, dynamicInfo) {
        const props = htmlField.extractProps(fieldInfo, dynamicInfo);
        props.editorConfig.allowChecklist = false;
        props.editorConfig.allowVideo = false;
        // Files, tables of content and the like are not for paper.
        return {...props, embeddedComponents: false};
    },
});
