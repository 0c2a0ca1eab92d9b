import {Component, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useBus, useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const BADGES = {
    draft: "text-bg-light",
    active: "text-bg-success",
    paused: "text-bg-warning",
    completed: "text-bg-info",
    stopped: "text-bg-secondary",
};

const BUTTONS = {
    start: {label: _t("Start"), icon: "fa-play"},
    pause: {label: _t("Pause"), icon: "fa-pause"},
    resume: {label: _t("Resume"), icon: "fa-play"},
    skip: {label: _t("Skip a Step"), icon: "fa-step-forward"},
    stop: {
        label: _t("Stop"),
        icon: "fa-stop",
        confirm: _t("Stop this follow-up? It does not go on by itself."),
    },
    restart: {
        label: _t("Restart"),
        icon: "fa-repeat",
        confirm: _t("Begin again from the first step?"),
    },
};

const KINDS = {
    email: "fa-envelope-o",
    task: "fa-check-square-o",
    meeting: "fa-calendar",
    note: "fa-sticky-note-o",
    letter: "fa-file-text-o",
    sms: "fa-mobile",
    stage: "fa-arrow-right",
    tag: "fa-tag",
    field: "fa-pencil",
    share: "fa-share-alt",
    wait: "fa-clock-o",
    sequence: "fa-play-circle-o",
};

/**
 * The sequences that follow up an opportunity or a contact, with what they did. It asks
 * the server once it is shown, that is when its tab is opened.
 */
export class OpportunityFollowUp extends Component {
    static template = "sales_opportunity_classic.OpportunityFollowUp";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.state = useState({page: null, unfolded: {}});
        useRecordObserver((record) => {
            if (this.getVersion(record) !== this.version) {
                return this.load(record);
            }
        });
        useBus(this.env.bus, "OPPORTUNITY:ACTED", () => this.load());
    }

    /** @returns {string} what starts and stops sequences, as far as the form knows */
    getVersion({resId, data}) {
        return [resId, data.stage_id?.id, data.won_status, data.active].join();
    }

    async load(record = this.props.record) {
        this.version = this.getVersion(record);
        const {resId, resModel} = record;
        this.state.page = resId
            ? await this.keepLast.add(this.orm.call(resModel, "get_follow_up", [resId]))
            : null;
    }

    // Rows

    getBadge({state, reason, note}) {
        return state === "stopped" && reason && note ? "text-bg-danger" : BADGES[state];
    }

    getButtons(row) {
        return row.buttons.map((name) => ({name, ...BUTTONS[name]}));
    }

    getIcon({kind}) {
        return KINDS[kind] || "fa-circle-o";
    }

    isUnfolded(row) {
        return this.state.unfolded[row.id] ?? this.state.page.rows[0].id === row.id;
    }

    toggle(row) {
        this.state.unfolded[row.id] = !this.isUnfolded(row);
    }

    // Actions

    /** Save what was typed, do it, and show what has become of it. */
    async run(action) {
        const {record} = this.props;
        if (await record.save()) {
            await action({onClose: () => this.reload()});
        }
    }

    async reload() {
        await this.props.record.load();
        await this.load();
    }

    start() {
        return this.run(async (options) => {
            const {resId, resModel} = this.props.record;
            const method = "action_start_follow_up";
            const action = await this.orm.call(resModel, method, [resId]);
            await this.action.doAction(action, options);
        });
    }

    press(row, {name, label, confirm}) {
        if (name === "resume") {
            return this.resume(row);
        }
        const execute = () =>
            this.run(async ({onClose}) => {
                const model = "opportunity.sequence.enrollment";
                await this.orm.call(model, `action_${name}`, [row.id]);
                await onClose();
            });
        if (!confirm) {
            return execute();
        }
        this.dialog.add(ConfirmationDialog, {
            title: label,
            body: confirm,
            confirmLabel: label,
            confirm: execute,
            cancel: () => undefined,
        });
    }

    resume(row) {
        return this.run((options) =>
            this.action.doAction(
                "sales_opportunity_classic.opportunity_sequence_resume_action",
                {additionalContext: {active_ids: [row.id]}, ...options}
            )
        );
    }

    open(model, resId) {
        return this.run((options) =>
            this.action.doAction(
                {
                    type: "ir.actions.act_window",
                    res_model: model,
                    res_id: resId,
                    views: [[false, "form"]],
                },
                options
            )
        );
    }
}

registry
    .category("view_widgets")
    .add("opportunity_follow_up", {component: OpportunityFollowUp});
