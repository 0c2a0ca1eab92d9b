import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {TimelineFilters} from "./timeline_filters";
import {TimelineRow} from "./timeline_row";

const NO_FILTERS = {
    kinds: [],
    person_id: false,
    date_from: false,
    date_to: false,
    state: false,
    search: "",
};

const BUTTONS = [
    {name: "action_new_task", label: _t("Task"), icon: "fa-check-square-o"},
    {name: "action_new_meeting", label: _t("Appointment"), icon: "fa-calendar"},
    {name: "action_write_note", label: _t("Note"), icon: "fa-sticky-note-o"},
    {name: "action_log_call", label: _t("Call"), icon: "fa-phone"},
    {name: "action_write_email", label: _t("Email"), icon: "fa-paper-plane-o"},
];

/**
 * What has happened on an opportunity or a contact, and what is to happen.
 * It asks the server page by page, once it is in view: its tab may be the open one of a
 * long form and nobody scroll there.
 */
export class OpportunityTimeline extends Component {
    static template = "sales_opportunity_classic.OpportunityTimeline";
    static components = {TimelineFilters, TimelineRow};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.buttons = BUTTONS;
        this.rootRef = useRef("root");
        this.state = useState({
            rows: null,
            pinned: [],
            next: false,
            canEdit: false,
            filters: {...NO_FILTERS},
            order: "newest",
            isFiltering: false,
        });
        this.search = useDebounced((text) => this.filter({search: text}), 300);
        useRecordObserver((record) => {
            if (record.resId !== this.loadedId) {
                this.state.filters = {...NO_FILTERS};
                this.state.isFiltering = false;
            }
            if (this.isInView && this.getVersion(record) !== this.version) {
                return this.load(record);
            }
        });
        const observer = new IntersectionObserver((entries) => this.onSeen(entries));
        onMounted(() => observer.observe(this.rootRef.el));
        onWillUnmount(() => observer.disconnect());
    }

    onSeen(entries) {
        if (!this.isInView && entries.some(({isIntersecting}) => isIntersecting)) {
            this.isInView = true;
            return this.load();
        }
    }

    // Loading

    get model() {
        return this.props.record.resModel;
    }

    /** @returns {string} what differs when something was done, as far as the form knows */
    getVersion({resId, data}) {
        const {stage_id, next_action_date, next_action_note} = data;
        const action = [next_action_date?.ts, next_action_note];
        return [resId, stage_id?.id, ...action].join();
    }

    async load(record = this.props.record) {
        this.version = this.getVersion(record);
        this.loadedId = record.resId;
        const page = record.resId && (await this.ask(record.resId));
        Object.assign(this.state, {
            rows: page?.rows || [],
            pinned: page?.pinned || [],
            next: page?.next || false,
            canEdit: page?.can_edit || false,
        });
    }

    ask(resId, after = false) {
        const filters = {...this.state.filters, order: this.state.order};
        return this.keepLast.add(
            this.orm.call(this.model, "get_timeline", [resId, filters, after])
        );
    }

    async loadMore() {
        const page = await this.ask(this.props.record.resId, this.state.next);
        this.state.rows.push(...page.rows);
        this.state.next = page.next;
    }

    async filter(changes) {
        Object.assign(this.state.filters, changes);
        await this.load();
    }

    async sort(order) {
        this.state.order = order;
        await this.load();
    }

    // What is shown

    get canEdit() {
        return this.state.canEdit && !this.props.readonly;
    }

    get filterCount() {
        const {kinds, person_id, date_from, date_to, state} = this.state.filters;
        const given = [kinds.length, person_id, date_from, date_to, state];
        return given.filter(Boolean).length;
    }

    get isFiltered() {
        return Boolean(this.state.filters.search || this.filterCount);
    }

    get pinnedIds() {
        return this.state.pinned.map(({id}) => id);
    }

    isPinned({source, id}) {
        return source === "mail.message" && this.pinnedIds.includes(id);
    }

    // Actions

    /** Save what was typed, open one of Odoo's dialogs, and show what came of it. */
    async start(name) {
        const {record} = this.props;
        if (await record.save()) {
            const action = await this.orm.call(this.model, name, [record.resId]);
            await this.run(action);
        }
    }

    run(action) {
        return this.action.doAction(action, {onClose: () => this.reload()});
    }

    /** Do something of the record's or of another model's, and show what came of it. */
    async call(model, name, args) {
        if (await this.props.record.save()) {
            await this.orm.call(model, name, args);
            await this.reload();
        }
    }

    pin({id}) {
        const isPinned = this.pinnedIds.includes(id);
        const {resId} = this.props.record;
        return isPinned
            ? this.call(this.model, "action_unpin_note", [resId])
            : this.call(this.model, "action_pin_note", [resId, id]);
    }

    async reload() {
        const {record} = this.props;
        await record.load();
        await this.load();
        const {resModel: model, resId: id} = record;
        this.env.bus.trigger("MAIL:RELOAD-THREAD", {model, id});
    }
}

registry
    .category("view_widgets")
    .add("opportunity_timeline", {component: OpportunityTimeline});
