import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {humanSize} from "@web/core/utils/binary";
import {useService} from "@web/core/utils/hooks";
import {getThumbnail} from "./file_model";

const VISIBILITIES = {
    private: {icon: "fa-lock", label: _t("Only me")},
    portal: {icon: "fa-globe", label: _t("Also the contact, in the portal")},
};

/** A file, in a list or as a card. */
export class FileRow extends Component {
    static template = "sales_opportunity_classic.FileRow";
    static components = {Dropdown, DropdownItem};
    static props = {
        file: Object,
        isOld: {type: Boolean, optional: true},
        isReadonly: {type: Boolean, optional: true},
        isSelected: {type: Boolean, optional: true},
        onSelect: {type: Function, optional: true},
        onOpen: Function,
        onAction: Function,
        onVersions: {type: Function, optional: true},
        origin: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({isRenaming: false, name: "", error: ""});
        this.nameRef = useRef("name");
        this.thumbnail = getThumbnail;
        useEffect(
            (input) => {
                input?.focus();
                // The extension mostly stays.
                const end = input?.value.lastIndexOf(".");
                input?.setSelectionRange(0, end > 0 ? end : input.value.length);
            },
            () => [this.nameRef.el]
        );
    }

    get canEdit() {
        const {file, isReadonly} = this.props;
        return file.can_edit && file.active && !isReadonly;
    }

    get canDelete() {
        return this.props.file.can_delete && !this.props.isReadonly;
    }

    get visibility() {
        return VISIBILITIES[this.props.file.visibility];
    }

    get labels() {
        const {name, version} = this.props.file;
        return {
            select: _t("Select %s", name),
            actions: _t("Actions of %s", name),
            version: _t("Version %s: show older versions", version),
        };
    }

    get facts() {
        const {size, date, user} = this.props.file;
        const day = date && formatDate(deserializeDateTime(date));
        return [humanSize(size), day, user].filter(Boolean);
    }

    get expiry() {
        const {date_expiry, is_expired} = this.props.file;
        if (!date_expiry) {
            return "";
        }
        const day = formatDate(deserializeDate(date_expiry));
        return is_expired ? _t("Expired on %s", day) : _t("Expires on %s", day);
    }

    // Renaming

    startRenaming() {
        if (this.canEdit) {
            const {name} = this.props.file;
            Object.assign(this.state, {isRenaming: true, name, error: ""});
        }
    }

    onNameKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.rename(ev.target.value);
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            this.state.isRenaming = false;
        }
    }

    onRowKeydown(ev) {
        if (ev.key === "F2" && !this.state.isRenaming) {
            ev.preventDefault();
            this.startRenaming();
        }
    }

    onNameBlur({target}) {
        if (this.state.error && target.value === this.state.name) {
            this.state.isRenaming = false;
        } else {
            this.rename(target.value);
        }
    }

    async rename(value) {
        const {file} = this.props;
        if (!this.state.isRenaming || this.isSaving) {
            return;
        }
        const name = value.trim();
        this.state.name = value;
        try {
            this.isSaving = true;
            if (name && name !== file.name) {
                await this.saveName(file, name);
            }
            this.state.isRenaming = false;
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
        } finally {
            this.isSaving = false;
        }
    }

    /** Save the name, and show the one that the server made of it. */
    async saveName(file, name) {
        const fields = ["name", "mimetype"];
        await this.orm.write("opportunity.file", [file.id], {name});
        const [stored] = await this.orm.read("opportunity.file", [file.id], fields);
        Object.assign(file, stored);
    }
}
