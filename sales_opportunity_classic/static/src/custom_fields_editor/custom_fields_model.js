import {Mutex} from "@web/core/utils/concurrency";

/**
 * The parts of a definition: where they are kept, the field that names the part above
 * them, and the key of what is below them.
 */
export const PARTS = {
    tab: {
        resModel: "opportunity.custom.tab",
        parentField: "model",
        label: "name",
        below: "groups",
    },
    group: {
        resModel: "opportunity.custom.group",
        parentField: "tab_id",
        label: "name",
        below: "fields",
    },
    field: {
        resModel: "opportunity.custom.field",
        parentField: "group_id",
        label: "label",
    },
};

/**
 * The draft of the custom tabs of one kind of record, as the editor shows it.
 *
 * Every change is saved in the draft at once and the draft read again, also after an
 * error, since a drop is drawn before it is saved.
 */
export class CustomFieldsModel {
    constructor(orm, fieldService) {
        this.orm = orm;
        this.fieldService = fieldService;
        this.mutex = new Mutex();
        this.isBusy = false;
        this.definitions = [];
        this.definition = null;
        this.types = [];
        this.tabs = [];
        this.changes = [];
        this.problems = [];
        this.summary = "";
        this.tabId = false;
    }

    /**
     * @param {string} [kind] the kind of record to begin with
     */
    async start(kind) {
        const fieldNames = ["field_type"];
        const [definitions, {field_type: type}] = await Promise.all([
            this.orm.searchRead(
                "opportunity.custom.definition",
                [],
                ["model", "display_name"]
            ),
            this.fieldService.loadFields(PARTS.field.resModel, {fieldNames}),
        ]);
        this.definitions = definitions;
        this.types = type.selection;
        await this.load(
            definitions.find(({model}) => model === kind) || definitions[0]
        );
    }

    /**
     * @param {object} [definition] another kind of record to go on with
     */
    async load(definition = this.definition) {
        const editor = await this.call("get_editor", definition);
        Object.assign(this, editor, {definition});
        if (!this.tab) {
            this.tabId = this.tabs[0]?.id || false;
        }
    }

    call(method, {id} = this.definition) {
        return this.orm.call("opportunity.custom.definition", method, [[id]]);
    }

    /**
     * Show another kind of record.
     *
     * @param {object} definition
     */
    select(definition) {
        return this.mutex.exec(() => this.load(definition));
    }

    // Reading

    /** @returns {object} the tab that is worked on */
    get tab() {
        return this.tabs.find((tab) => tab.id === this.tabId);
    }

    getType(field) {
        return this.types.find(([key]) => key === field.type)?.[1];
    }

    /**
     * The rows of one kind in the order of the tree, by what they are below of.
     *
     * @param {string} what
     * @returns {{parentId: number | string, rows: object[]}[]}
     */
    getLists(what) {
        if (what === "tab") {
            return [{parentId: this.definition.model, rows: this.tabs}];
        }
        if (what === "group") {
            return this.tabs.map((tab) => ({parentId: tab.id, rows: tab.groups}));
        }
        return this.tabs.flatMap((tab) =>
            tab.groups.map((group) => ({parentId: group.id, rows: group.fields}))
        );
    }

    getList(what, id) {
        return this.getLists(what).find(({rows}) => rows.some((row) => row.id === id));
    }

    // Changing

    /**
     * Save a change of the draft, after those that are being saved.
     *
     * @param {Function} change
     */
    save(change) {
        return this.mutex.exec(async () => {
            this.isBusy = true;
            try {
                return await change();
            } finally {
                this.isBusy = false;
                await this.load();
            }
        });
    }

    async add(what, parentId, values) {
        const {resModel, parentField} = PARTS[what];
        const {rows} = this.getLists(what).find((list) => list.parentId === parentId);
        const sequence = rows.length ? rows.at(-1).sequence + 1 : 0;
        const [id] = await this.save(() =>
            this.orm.create(resModel, [{...values, [parentField]: parentId, sequence}])
        );
        if (what === "tab") {
            this.tabId = id;
        }
    }

    write(what, id, values) {
        return this.save(() => this.orm.write(PARTS[what].resModel, [id], values));
    }

    delete(what, id) {
        return this.save(() => this.orm.unlink(PARTS[what].resModel, [id]));
    }

    /**
     * Put a row behind another one, or first, below a part.
     *
     * @param {string} what
     * @param {number} id
     * @param {number|string} parentId
     * @param {number} [previousId]
     */
    async move(what, id, parentId, previousId) {
        const {resModel, parentField} = PARTS[what];
        const from = this.getList(what, id);
        const to = this.getLists(what).find((list) => list.parentId === parentId);
        const [row] = from.rows.splice(
            from.rows.findIndex((other) => other.id === id),
            1
        );
        const place = to.rows.findIndex((other) => other.id === previousId) + 1;
        to.rows.splice(place, 0, row);
        const ids = to.rows.map((other) => other.id);
        await this.save(async () => {
            if (parentId !== from.parentId) {
                await this.orm.write(resModel, [id], {[parentField]: parentId});
            }
            await this.orm.webResequence(resModel, ids);
        });
    }

    /**
     * Move a row one place up (-1) or down (1), into the next part where it is the
     * last one there.
     *
     * @param {string} what
     * @param {number} id
     * @param {number} step
     */
    async shift(what, id, step) {
        const lists = this.getLists(what);
        const at = lists.findIndex(({rows}) => rows.some((row) => row.id === id));
        const {parentId, rows} = lists[at];
        const index = rows.findIndex((row) => row.id === id);
        if (rows[index + step]) {
            const previous = step > 0 ? rows[index + 1] : rows[index - 2];
            await this.move(what, id, parentId, previous?.id);
        } else if (lists[at + step]) {
            const next = lists[at + step];
            const previous = step > 0 ? undefined : next.rows.at(-1);
            await this.move(what, id, next.parentId, previous?.id);
        }
    }

    /** @returns {string} what was applied, in one sentence */
    async apply() {
        const {summary} = this;
        await this.save(() => this.call("action_apply"));
        return summary;
    }

    discard() {
        return this.save(() => this.call("action_discard"));
    }
}
