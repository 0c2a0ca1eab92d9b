import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {useSortable} from "@web/core/utils/sortable_owl";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {CustomFieldsAdd} from "./custom_fields_add";
import {PARTS} from "./custom_fields_model";
import {TYPES_WITH_OPTIONS} from "./custom_fields_types";

/**
 * The tabs, their headers and the fields below these: opened by a click, moved with
 * their handles or with Alt and the arrow keys.
 */
export class CustomFieldsTree extends Component {
    static template = "sales_opportunity_classic.CustomFieldsTree";
    static components = {CustomFieldsAdd, Dropdown, DropdownItem};
    static props = {model: Object};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.model = useState(this.props.model);
        this.state = useState({folded: {}});
        this.root = useRef("root");
        this.toFocus = null;
        this.useMoving("tab");
        this.useMoving("group", ".o_custom_groups");
        this.useMoving("field", ".o_custom_fields");
        useEffect(() => this.focusMoved());
    }

    /**
     * Let rows of one kind be dragged, within the lists that `groups` selects.
     *
     * @param {string} what
     * @param {string} [groups]
     */
    useMoving(what, groups) {
        useSortable({
            ref: this.root,
            elements: `.o_custom_part_${what}`,
            handle: `.o_custom_handle_${what}`,
            cursor: "grabbing",
            ...(groups && {groups, connectGroups: true}),
            onDrop: ({element, previous, parent}) =>
                this.model.move(
                    what,
                    Number(element.dataset.id),
                    groups ? Number(parent.dataset.id) : this.model.definition.model,
                    previous ? Number(previous.dataset.id) : undefined
                ),
        });
    }

    focusMoved() {
        const selector = this.toFocus && `.o_custom_open[data-part="${this.toFocus}"]`;
        const moved = selector && this.root.el.querySelector(selector);
        if (moved && moved !== document.activeElement) {
            moved.focus();
        }
    }

    // What a row shows

    needsOptions(field) {
        return (
            TYPES_WITH_OPTIONS.includes(field.type) &&
            !field.options.some((option) => option.active)
        );
    }

    isFolded(tab) {
        return Boolean(this.state.folded[tab.id]);
    }

    // What people do

    select(tab) {
        this.model.tabId = tab.id;
    }

    toggle(tab) {
        this.state.folded[tab.id] = !this.state.folded[tab.id];
    }

    open(what, row) {
        const titles = {tab: _t("Tab"), group: _t("Header"), field: _t("Field")};
        this.dialog.add(
            FormViewDialog,
            {
                resModel: PARTS[what].resModel,
                resId: row.id,
                title: titles[what],
                canExpand: false,
                size: what === "field" ? "xl" : "lg",
            },
            {onClose: () => this.model.load()}
        );
    }

    /**
     * Alt and an arrow move a row, as dragging does.
     *
     * @param {KeyboardEvent} ev
     * @param {string} what
     * @param {object} row
     */
    async onKeydown(ev, what, row) {
        const step = {ArrowUp: -1, ArrowDown: 1}[ev.key];
        if (!ev.altKey || !step) {
            return;
        }
        ev.preventDefault();
        this.toFocus = `${what}_${row.id}`;
        try {
            await this.model.shift(what, row.id, step);
        } finally {
            this.focusMoved();
            this.toFocus = null;
        }
    }

    setActive(field, active) {
        return this.model.write("field", field.id, {active});
    }

    /**
     * A part that was never applied goes after a question. For a field that may hold
     * values, the server's dialog asks.
     *
     * @param {string} what
     * @param {object} row
     */
    async delete(what, row) {
        if (row.is_applied) {
            await this.openDialog(row, "action_delete");
            return;
        }
        const label = row[PARTS[what].label];
        const texts = {
            tab: _t("Delete “%s” with its headers and fields?", label),
            group: _t("Delete “%s” with its fields?", label),
            field: _t("Delete “%s”?", label),
        };
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete"),
            body: texts[what],
            confirmLabel: _t("Delete"),
            confirm: () => this.model.delete(what, row.id),
            cancel: () => {},
        });
    }

    /**
     * Open the dialog that a method of a field returns.
     *
     * @param {object} field
     * @param {string} method
     */
    async openDialog(field, method) {
        const action = await this.orm.call(PARTS.field.resModel, method, [[field.id]]);
        await this.action.doAction(action, {onClose: () => this.model.load()});
    }
}
