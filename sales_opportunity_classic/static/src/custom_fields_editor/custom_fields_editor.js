import {Component, onWillStart, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {CustomFieldsModel} from "./custom_fields_model";
import {CustomFieldsPreview} from "./custom_fields_preview";
import {CustomFieldsTree} from "./custom_fields_tree";

/**
 * Where a sales administrator drafts custom tabs, sees what they will look like, and
 * applies them in one step.
 */
export class CustomFieldsEditor extends Component {
    static template = "sales_opportunity_classic.CustomFieldsEditor";
    static components = {
        CustomFieldsPreview,
        CustomFieldsTree,
        Dropdown,
        DropdownItem,
        Layout,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        const [orm, fieldService] = [useService("orm"), useService("field")];
        this.model = useState(new CustomFieldsModel(orm, fieldService));
        this.display = {controlPanel: {}};
        useSetupAction({getLocalState: () => ({kind: this.model.definition.model})});
        onWillStart(() => this.model.start(this.props.state?.kind));
    }

    get canApply() {
        return this.model.changes.length > 0 && !this.model.isBusy;
    }

    async apply() {
        const summary = await this.model.apply();
        // Views and fields of the record have changed.
        rpcBus.trigger("CLEAR-CACHES");
        this.notification.add(summary, {title: _t("Applied"), type: "success"});
    }

    discard() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Discard changes"),
            body: _t(
                "Everything that was not applied will be undone: %s.",
                this.model.summary
            ),
            confirmLabel: _t("Discard"),
            confirm: () => this.model.discard(),
            cancelLabel: _t("Keep"),
            cancel: () => {},
        });
    }

    async exportDefinition() {
        await this.action.doAction(await this.model.call("action_export"));
    }

    /** @returns {boolean} whether the import dialog has examples to start from */
    get hasExamples() {
        return this.model.definition.model === "crm.lead";
    }

    /**
     * @param {object} [additionalContext] defaults of the dialog
     */
    async importDefinition(additionalContext) {
        await this.action.doAction(await this.model.call("action_import"), {
            additionalContext,
            onClose: () => this.model.load(),
        });
    }

    async openList() {
        const filter =
            this.model.definition.model === "crm.lead" ? "opportunities" : "contacts";
        await this.action.doAction(
            "sales_opportunity_classic.opportunity_custom_field_action",
            {additionalContext: {[`search_default_${filter}`]: 1}}
        );
    }
}

registry.category("actions").add("opportunity_custom_editor", CustomFieldsEditor);
