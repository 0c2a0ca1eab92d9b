import {Component, useRef, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {isMobileOS} from "@web/core/browser/feature_detection";
import {
    ConfirmationDialog,
    deleteConfirmationMessage,
} from "@web/core/confirmation_dialog/confirmation_dialog";
import {useDropzone} from "@web/core/dropzone/dropzone_hook";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useBus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {ChatterFiles} from "./chatter_files";
import {getDroppedFiles} from "./dropped_files";
import {FileFilters} from "./file_filters";
import {toFileModel} from "./file_model";
import {FileRow} from "./file_row";
import {FileUploads} from "./file_uploads";

const VIEW_KEY = "sales_opportunity_classic.file_view";
const NO_FILTERS = {
    search: "",
    category_id: false,
    tag_id: false,
    lead_id: false,
    bin: false,
};

/**
 * The files of an opportunity, or the file box of a contact.
 * It asks the server once it is shown, that is when its tab is opened, page by page.
 */
export class OpportunityFiles extends Component {
    static template = "sales_opportunity_classic.OpportunityFiles";
    static components = {ChatterFiles, FileFilters, FileRow, FileUploads};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.queue = useService("opportunity_file_queue");
        this.viewer = useFileViewer();
        this.keepLast = new KeepLast();
        this.hasCamera = isMobileOS();
        this.rootRef = useRef("root");
        this.inputRef = useRef("input");
        this.cameraRef = useRef("camera");
        this.state = useState({
            rows: null,
            hasMore: false,
            canAdd: true,
            related: false,
            filters: {...NO_FILTERS, related: false},
            isFiltering: false,
            selected: {},
            view: browser.localStorage.getItem(VIEW_KEY) || "list",
        });
        this.search = useDebounced((text) => this.filter({search: text}), 300);
        useDropzone(
            this.rootRef,
            (ev) => this.onDrop(ev),
            "o_opportunity_files_dropzone",
            () => this.canAdd
        );
        useBus(this.queue.bus, "SENT", ({detail}) => this.onSent(detail));
        useRecordObserver((record) => {
            if (this.state.rows === null || record.resId !== this.loadedId) {
                this.state.filters = {...NO_FILTERS, related: false};
                return this.load(record.resId);
            }
        });
    }

    // Loading

    get model() {
        return this.props.record.resModel;
    }

    get resId() {
        return this.props.record.resId;
    }

    async load(resId = this.resId) {
        this.loadedId = resId;
        const page = resId && (await this.ask({resId}));
        Object.assign(this.state, {
            rows: page?.rows || [],
            hasMore: page?.has_more || false,
            canAdd: page ? page.can_add : true,
            related: page?.related || false,
            selected: {},
        });
    }

    ask({resId = this.resId, beforeId = false}) {
        const filters = {...this.state.filters};
        return this.keepLast.add(
            this.orm.call(this.model, "get_file_panel", [resId, filters, beforeId])
        );
    }

    async loadMore() {
        const page = await this.ask({beforeId: this.state.rows.at(-1).id});
        this.state.rows.push(...page.rows);
        this.state.hasMore = page.has_more;
    }

    async filter(changes) {
        Object.assign(this.state.filters, changes);
        await this.load();
    }

    showRelated(related) {
        return this.filter({...NO_FILTERS, search: this.state.filters.search, related});
    }

    onSent({model, resId}) {
        if (model === this.model && resId === this.resId) {
            return this.load();
        }
    }

    async loadOlder(file) {
        file.older = file.older
            ? false
            : await this.orm.call("opportunity.file", "get_file_versions", [file.id]);
    }

    // What is shown

    get canAdd() {
        return this.state.canAdd && !this.props.readonly;
    }

    get isFiltered() {
        return Boolean(this.state.filters.search || this.filterCount);
    }

    get filterCount() {
        const {category_id, tag_id, lead_id, bin} = this.state.filters;
        return [category_id, tag_id, lead_id, bin].filter(Boolean).length;
    }

    get scopes() {
        const {kind, name} = this.state.related;
        return {
            contact: [_t("This Opportunity"), _t("All of %s", name)],
            people: [_t("Of the Company"), _t("With Its People")],
            company: [_t("Of the Contact"), _t("With %s", name)],
        }[kind];
    }

    getOrigin({lead, lead_id, partner, partner_id}) {
        const isLead = this.model === "crm.lead";
        const ofOther = partner_id !== this.resId && partner;
        const parts = isLead
            ? [lead_id !== this.resId && lead, lead_id !== this.resId && partner]
            : [ofOther, lead];
        return parts.filter(Boolean).join(" · ");
    }

    setView(view) {
        this.state.view = view;
        browser.localStorage.setItem(VIEW_KEY, view);
    }

    // Selection

    get selection() {
        return this.state.rows.filter(({id}) => this.state.selected[id]);
    }

    get isAllSelected() {
        return this.selection.length === this.state.rows.length;
    }

    get canEditSelection() {
        return this.selection.every(({can_edit, active}) => can_edit && active);
    }

    get canDeleteSelection() {
        return !this.props.readonly && this.selection.every((file) => file.can_delete);
    }

    toggle({id}) {
        this.state.selected[id] = !this.state.selected[id];
    }

    toggleAll() {
        const all = this.isAllSelected ? [] : this.state.rows;
        this.state.selected = Object.fromEntries(all.map(({id}) => [id, true]));
    }

    // Uploads

    onDrop(ev) {
        // What was dropped is gone when the event is over.
        return this.upload(getDroppedFiles(ev.dataTransfer));
    }

    onChosen({target}) {
        const files = [...target.files];
        // The same file may be chosen twice.
        target.value = "";
        return this.upload(files);
    }

    async upload(files) {
        const [chosen, isSaved] = await Promise.all([files, this.saveNew()]);
        if (isSaved && chosen.length) {
            await this.queue.add(this.model, this.props.record.resId, chosen);
        }
    }

    async saveNew() {
        const {record} = this.props;
        return Boolean(record.resId) || record.save();
    }

    // Actions

    open(row, rows = this.state.rows) {
        const models = rows.map(toFileModel);
        // An older version stands in no list.
        const file = models[rows.findIndex(({id}) => id === row.id)];
        if (!file) {
            this.open(row, [row]);
        } else if (file.isViewable) {
            this.viewer.open(file, models);
        } else {
            this.run({
                type: "ir.actions.act_url",
                url: file.downloadUrl,
                target: "download",
            });
        }
    }

    run(action) {
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    /** Do one of the actions of files, by the name of its method or of one of these. */
    async act(name, files) {
        const ids = files.map(({id}) => id);
        const own = {
            details: () => this.showDetails(ids[0]),
            bin: () => this.moveToBin(ids),
            delete: () => this.delete(ids),
            action_restore: () => this.restore(ids),
        }[name];
        if (own) {
            return own();
        }
        if (await this.props.record.save()) {
            await this.run(await this.orm.call("opportunity.file", name, [ids]));
        }
    }

    download() {
        const files = this.selection;
        const method = files.length > 1 ? "action_download_zip" : "action_download";
        return this.act(method, files);
    }

    showDetails(resId) {
        return this.run({
            type: "ir.actions.act_window",
            name: _t("File"),
            res_model: "opportunity.file",
            res_id: resId,
            views: [[false, "form"]],
            target: "new",
        });
    }

    async moveToBin(ids) {
        await this.orm.unlink("opportunity.file", ids);
        await this.load();
        const close = this.notification.add(
            ids.length > 1
                ? _t("%s files are in the bin, for 30 days.", ids.length)
                : _t("The file is in the bin, for 30 days."),
            {
                type: "info",
                buttons: [
                    {
                        name: _t("Undo"),
                        onClick: () => {
                            close();
                            return this.restore(ids);
                        },
                    },
                ],
            }
        );
    }

    async restore(ids) {
        await this.orm.call("opportunity.file", "action_restore", [ids]);
        await this.load();
    }

    delete(ids) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete for good?"),
            body: deleteConfirmationMessage,
            confirmLabel: _t("Delete"),
            confirm: async () => {
                await this.orm.unlink("opportunity.file", ids);
                await this.load();
            },
            cancel: () => {
                // The dialog shows a button to cancel.
            },
        });
    }

    /** Open the files of a contact, and of those around it, in Odoo's own list. */
    openList() {
        return this.action.doActionButton({
            type: "object",
            name: "action_view_files",
            resModel: this.model,
            resId: this.resId,
            resIds: [this.resId],
        });
    }
}

registry
    .category("view_widgets")
    .add("opportunity_files", {component: OpportunityFiles});
