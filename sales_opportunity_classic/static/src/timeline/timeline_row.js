import {Component, markup, useState} from "@odoo/owl";
import {ActivityMarkAsDone} from "@mail/core/web/activity_markasdone_popover";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
    today,
} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {usePopover} from "@web/core/popover/popover_hook";
import {useService} from "@web/core/utils/hooks";
import {timelineKinds} from "./timeline_kinds";

const STATES = {
    bounce: "text-bg-danger",
    exception: "text-bg-danger",
    canceled: "text-bg-secondary",
    open: "text-bg-success",
};

const RESCHEDULE = [
    {name: "action_reschedule_today", label: _t("Today")},
    {name: "action_reschedule_tomorrow", label: _t("Tomorrow")},
    {name: "action_reschedule_nextweek", label: _t("Next Week")},
];

// What opens as a form; of a message its whole text is shown in place.
const WITH_FORM = ["calendar.event", "opportunity.letter", "opportunity.file"];

/** One entry of the timeline, with what can be done with it. */
export class TimelineRow extends Component {
    static template = "sales_opportunity_classic.TimelineRow";
    static components = {Dropdown, DropdownItem};
    static props = {
        row: Object,
        canEdit: Boolean,
        isPinned: {type: Boolean, optional: true},
        onCall: Function,
        onRun: Function,
        onPin: Function,
        onChanged: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.reschedules = RESCHEDULE;
        this.state = useState({body: false});
        this.donePopover = usePopover(ActivityMarkAsDone, {position: "bottom-end"});
    }

    // What is shown

    get row() {
        return this.props.row;
    }

    get kind() {
        return timelineKinds.get(this.row.kind, {
            label: this.row.kind,
            icon: "fa-circle",
        });
    }

    get icon() {
        return this.row.icon || this.kind.icon;
    }

    get title() {
        return this.row.title || this.row.label || this.kind.title;
    }

    get badge() {
        return STATES[this.row.state] || "text-bg-light";
    }

    get date() {
        const {day, date, is_day} = this.row;
        if (day) {
            return formatDate(deserializeDate(day));
        }
        const moment = deserializeDateTime(date);
        // Nobody asks for the seconds.
        const format = localization.dateTimeFormat.replace(":ss", "");
        return is_day ? formatDate(moment) : formatDateTime(moment, {format});
    }

    get isOverdue() {
        const {day, is_open} = this.row;
        return is_open && day && deserializeDate(day) < today();
    }

    /** @returns {string} who did it, for whom, and where */
    get facts() {
        const {person, recipients, lead, email_from, kind} = this.row;
        const who = person ? person.name : kind === "email_in" && email_from;
        const whom = recipients?.length && _t("to %s", recipients.join(", "));
        return [who, kind !== "meeting" && whom, lead && lead.name]
            .filter(Boolean)
            .join(" · ");
    }

    get attendees() {
        const {kind, recipients} = this.row;
        return kind === "meeting" ? (recipients || []).join(", ") : "";
    }

    get avatar() {
        const {person} = this.row;
        return person && `/web/image/res.partner/${person.id}/avatar_128`;
    }

    get label() {
        return this.row.label !== this.title && this.row.label;
    }

    // What can be done

    get canFinish() {
        return Boolean(this.row.activity_id && this.props.canEdit);
    }

    get canPin() {
        return Boolean(this.row.can_pin && this.props.canEdit && !this.row.lead);
    }

    get canOpen() {
        const {source, text} = this.row;
        return (
            this.canFinish || WITH_FORM.includes(source) || this.isMessage(source, text)
        );
    }

    isMessage(source, text) {
        return source === "mail.message" && Boolean(text);
    }

    open() {
        const {source, id, activity_id} = this.row;
        if (source === "mail.message") {
            return this.toggleBody();
        }
        if (source === "mail.activity") {
            return this.openForm("mail.activity", activity_id);
        }
        return this.openForm(source, id);
    }

    openForm(resModel, resId) {
        return this.props.onRun({
            type: "ir.actions.act_window",
            name: this.title,
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
            context: {dialog_size: "large"},
        });
    }

    async toggleBody() {
        if (this.state.body) {
            this.state.body = false;
            return;
        }
        const fields = ["body"];
        const [message] = await this.orm.read("mail.message", [this.row.id], fields);
        // The server has made it safe, as for the chatter.
        this.state.body = markup(message.body);
    }

    /** Let Odoo ask for the feedback and mark the activity done. */
    async finish({currentTarget}) {
        const {activity_id} = this.row;
        const data = await this.orm.call("mail.activity", "activity_format", [
            [activity_id],
        ]);
        this.store.insert(data);
        this.donePopover.open(currentTarget, {
            activity: this.store["mail.activity"].get(activity_id),
            hasHeader: true,
            onActivityChanged: () => {
                this.donePopover.close();
                return this.props.onChanged();
            },
        });
    }

    reschedule(name) {
        return this.props.onCall("mail.activity", name, [[this.row.activity_id]]);
    }

    cancel() {
        return this.props.onCall("mail.activity", "unlink", [[this.row.activity_id]]);
    }
}
