import "@crm/views/crm_form/crm_form";
import {registry} from "@web/core/registry";
import {FormCompiler} from "@web/views/form/form_compiler";
import {toStringExpression} from "@web/views/utils";

/**
 * Adds the attribute `count_field` to the pages of a notebook: the name of a list field
 * whose number of rows stands in brackets behind the page's title, unless it is zero.
 */
export class OpportunityFormCompiler extends FormCompiler {
    compileNotebook(el) {
        const pages = [...el.querySelectorAll(":scope > page[count_field]")];
        const notebook = super.compileNotebook(...arguments);
        for (const page of pages) {
            const name = toStringExpression(page.getAttribute("name"));
            const slot = [...notebook.children].find(
                (child) => child.getAttribute("name") === name
            );
            const count = `__comp__.props.record.data[${toStringExpression(
                page.getAttribute("count_field")
            )}].count`;
            const title = slot?.getAttribute("title");
            slot?.setAttribute(
                "title",
                `${title} + (${count} ? " (" + ${count} + ")" : "")`
            );
        }
        return notebook;
    }
}

const crmFormView = registry.category("views").get("crm_form");

/**
 * Shows an opportunity that one may only read as such, instead of refusing at the end
 * what was typed.
 */
export class OpportunityFormController extends crmFormView.Controller {
    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = this.onRootLoaded.bind(this);
        return params;
    }

    /**
     * @param {import("@web/model/relational_model/record").RelationalRecord} root
     */
    onRootLoaded(root) {
        const isReadonly = this.props.readonly || root.data.can_edit === false;
        root.switchMode(isReadonly ? "readonly" : "edit");
    }
}

registry.category("views").add("opportunity_form", {
    ...crmFormView,
    Compiler: OpportunityFormCompiler,
    Controller: OpportunityFormController,
});
