import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * The entries of the Actions drop-down, by sequence. Each names what it shows and
 * either a `method` of crm.lead that returns an action, or the xml id of an `action`.
 * Those that are `isReadonly` are also for whoever may only read the opportunity.
 */
export const opportunityActions = registry.category("opportunity_actions");

opportunityActions
    .add(
        "send_email",
        {
            label: _t("Send Email"),
            icon: "fa-envelope-o",
            action: "crm.action_lead_mail_compose",
        },
        {sequence: 10}
    )
    .add(
        "schedule_meeting",
        {
            label: _t("Schedule Meeting"),
            icon: "fa-calendar",
            method: "action_schedule_meeting",
        },
        {sequence: 20}
    )
    .add(
        "create_order",
        {
            label: _t("Create Order"),
            icon: "fa-shopping-cart",
            method: "action_create_order",
        },
        {sequence: 25}
    )
    .add(
        "new_quotation",
        {
            label: _t("New Quotation"),
            icon: "fa-pencil-square-o",
            method: "action_sale_quotations_new",
        },
        {sequence: 30}
    )
    .add(
        "copy_buy_link",
        {
            label: _t("Copy Buy Now Link"),
            icon: "fa-link",
            method: "action_copy_buy_link",
        },
        {sequence: 34}
    )
    .add(
        "send_buy_link",
        {
            label: _t("Send Buy Now Link"),
            icon: "fa-shopping-cart",
            method: "action_send_buy_link",
        },
        {sequence: 36}
    )
    .add(
        "start_follow_up",
        {
            label: _t("Start Follow-Up"),
            icon: "fa-step-forward",
            method: "action_start_follow_up",
        },
        {sequence: 38}
    )
    .add(
        "open_contact",
        {
            label: _t("Open Contact"),
            icon: "fa-user-o",
            method: "action_open_contact",
            isReadonly: true,
            isAvailable: (record) => Boolean(record.data.partner_id),
        },
        {sequence: 40}
    )
    .add(
        "print_letter",
        {
            label: _t("Print Letter"),
            icon: "fa-file-text-o",
            action: "sales_opportunity_classic.opportunity_letter_print_action",
        },
        {sequence: 44}
    )
    .add(
        "print_label",
        {
            label: _t("Print Label"),
            icon: "fa-tags",
            action: "sales_opportunity_classic.opportunity_label_print_action_lead",
        },
        {sequence: 45}
    )
    .add(
        "move_to_folder",
        {
            label: _t("Move to Folder"),
            icon: "fa-folder-open-o",
            action: "sales_opportunity_classic.opportunity_folder_move_action",
        },
        {sequence: 50}
    );

export class OpportunityActions extends Component {
    static template = "sales_opportunity_classic.OpportunityActions";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get items() {
        const {record} = this.props;
        const canEdit = record.data.can_edit !== false;
        return opportunityActions
            .getEntries()
            .map(([id, item]) => ({id, ...item}))
            .filter(({isReadonly}) => canEdit || isReadonly)
            .filter(({isAvailable}) => !isAvailable || isAvailable(record));
    }

    /**
     * Save, then run the action on this opportunity and reload when it closes.
     *
     * @param {{ method?: string, action?: string }} item
     */
    async onSelected({method, action}) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const {resId, resModel} = record;
        const toRun = method ? await this.orm.call(resModel, method, [resId]) : action;
        await this.action.doAction(toRun, {
            additionalContext: {
                active_id: resId,
                active_ids: [resId],
                active_model: resModel,
            },
            onClose: async () => {
                await record.load();
                this.env.bus.trigger("OPPORTUNITY:ACTED", {resId});
            },
        });
    }
}

registry
    .category("view_widgets")
    .add("opportunity_actions", {component: OpportunityActions});
