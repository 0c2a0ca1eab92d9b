import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {humanSize} from "@web/core/utils/binary";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {KeepLast} from "@web/core/utils/concurrency";
import {getThumbnail} from "./file_model";

/** What hangs in the chatter of the record, mails included, and is not in its box yet. */
export class ChatterFiles extends Component {
    static template = "sales_opportunity_classic.ChatterFiles";
    static props = {
        record: Object,
        canAdd: Boolean,
        onOpen: Function,
        onKept: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.humanSize = humanSize;
        this.thumbnail = getThumbnail;
        this.state = useState({rows: [], hasMore: false});
        useRecordObserver((record) => {
            if (record.resId !== this.resId) {
                this.resId = record.resId;
                return this.load();
            }
        });
    }

    async load(beforeId = false) {
        if (!this.resId) {
            Object.assign(this.state, {rows: [], hasMore: false});
            return;
        }
        const {resModel} = this.props.record;
        const page = await this.keepLast.add(
            this.orm.call(resModel, "get_chatter_files", [this.resId, beforeId])
        );
        this.state.rows = beforeId ? [...this.state.rows, ...page.rows] : page.rows;
        this.state.hasMore = page.has_more;
    }

    loadMore() {
        return this.load(this.state.rows.at(-1).id);
    }

    /** @returns {object[]} what the box takes and does not have */
    get keepable() {
        const taken = this.state.rows.filter((row) => !row.refusal && !row.is_kept);
        return this.props.canAdd ? taken : [];
    }

    formatDay({date}) {
        return formatDate(deserializeDateTime(date));
    }

    open(row) {
        const shown = this.state.rows.filter(({refusal}) => !refusal);
        this.props.onOpen(row, shown);
    }

    async keep(rows) {
        const ids = rows.map(({id}) => id);
        await this.orm.call("ir.attachment", "action_keep_in_file_box", [ids]);
        rows.forEach((row) => {
            row.is_kept = true;
        });
        await this.props.onKept();
    }
}
