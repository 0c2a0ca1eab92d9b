import {EventBus, reactive, toRaw} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

export const UPLOAD_ROUTE = "/opportunity/files/upload";
const AT_ONCE = 3;
const UNDER_WAY = ["waiting", "sending"];

/**
 * Files on their way into the boxes of opportunities and contacts, a few at a time. They
 * go on while people look at something else; one that is refused stops no other.
 *
 * An upload is `waiting`, `sending` and `sent`. Then it goes, or is `offered` as a new
 * version of another file. Until people dismiss it, it stays where it is `refused` for
 * good, or `failed` and may be tried again.
 */
export class FileQueue {
    constructor({orm, file_upload: fileUpload}) {
        this.orm = orm;
        this.fileUpload = fileUpload;
        this.bus = new EventBus();
        this.uploads = reactive([]);
        this.nextId = 1;
        fileUpload.bus.addEventListener("FILE_UPLOAD_LOADED", (ev) => this.onEnd(ev));
        fileUpload.bus.addEventListener("FILE_UPLOAD_ERROR", (ev) => this.onEnd(ev));
        browser.addEventListener("beforeunload", (ev) => {
            if (this.uploads.some(({state}) => UNDER_WAY.includes(state))) {
                ev.preventDefault();
            }
        });
    }

    /** @returns {object[]} the uploads into one box */
    getUploads(model, resId) {
        return this.uploads.filter(
            (upload) => upload.model === model && upload.resId === resId
        );
    }

    /** Upload files, but for those that would be refused. */
    async add(model, resId, files) {
        const added = files.map((file) => ({
            id: this.nextId++,
            model,
            resId,
            file,
            name: file.name,
            size: file.size,
            state: "checking",
        }));
        const first = this.uploads.length;
        this.uploads.push(...added);
        const refusals = await this.getRefusals(model, files);
        for (const [index, upload] of this.uploads
            .slice(first)
            .filter((one) => added.some(({id}) => id === one.id))
            .entries()) {
            upload.error = refusals[index];
            upload.state = refusals[index] ? "refused" : "waiting";
        }
        this.send();
    }

    async getRefusals(model, files) {
        const asked = files.map(({name, size}) => ({name, size}));
        try {
            return await this.orm.silent.call(model, "get_file_refusals", [asked]);
        } catch {
            // The server refuses them one by one.
            return files.map(() => false);
        }
    }

    /** Send what waits, as far as there is room. */
    send() {
        const sending = this.uploads.filter(({state}) => state === "sending");
        const waiting = this.uploads.filter(({state}) => state === "waiting");
        for (const upload of waiting.slice(0, AT_ONCE - sending.length)) {
            this.sendOne(upload);
        }
    }

    async sendOne(upload) {
        upload.state = "sending";
        upload.transfer = await this.fileUpload.upload(UPLOAD_ROUTE, [upload.file], {
            displayErrorNotification: false,
            buildFormData(formData) {
                formData.append("res_model", upload.model);
                formData.append("res_id", upload.resId);
                toRaw(upload).formData = formData;
            },
        });
    }

    onEnd({detail}) {
        const {xhr, data, state} = toRaw(detail.upload);
        const upload = this.uploads.find((one) => toRaw(one).formData === data);
        if (!upload) {
            return;
        }
        if (state === "abort") {
            this.remove(upload);
        } else {
            this.note(upload, this.parse(xhr));
        }
        this.send();
        return this.conclude(upload.model, upload.resId);
    }

    parse(xhr) {
        try {
            return JSON.parse(xhr.responseText ?? xhr.response);
        } catch {
            return {};
        }
    }

    note(upload, {id, error}) {
        if (id) {
            Object.assign(upload, {state: "sent", fileId: id, file: null});
        } else if (error) {
            Object.assign(upload, {state: "refused", error: error.message});
        } else {
            upload.state = "failed";
            upload.error = _t("“%s” was not uploaded. Try again.", upload.name);
        }
    }

    /** Once all is sent, offer to make new versions of what is there already. */
    async conclude(model, resId) {
        const uploads = this.getUploads(model, resId);
        const sent = uploads.filter(({state}) => state === "sent");
        const isBusy = uploads.some(({state}) => UNDER_WAY.includes(state));
        if (isBusy || !sent.length) {
            return;
        }
        sent.forEach((upload) => {
            upload.state = "concluding";
        });
        const ids = sent.map(({fileId}) => fileId);
        const offers = await this.orm.silent
            .call(model, "get_file_offers", [resId, ids])
            .catch(() => ({}));
        for (const upload of sent) {
            if (offers[upload.fileId]) {
                Object.assign(upload, {state: "offered", offer: offers[upload.fileId]});
            } else {
                this.remove(upload);
            }
        }
        this.bus.trigger("SENT", {model, resId});
    }

    /** Stop an upload, or put away what is told of it. */
    dismiss(upload) {
        if (upload.state === "sending") {
            upload.transfer?.xhr.abort();
        } else {
            this.remove(upload);
        }
    }

    retry(upload) {
        Object.assign(upload, {state: "waiting", error: false, transfer: null});
        this.send();
    }

    remove(upload) {
        const index = this.uploads.findIndex(({id}) => id === upload.id);
        if (index >= 0) {
            this.uploads.splice(index, 1);
        }
    }
}

export const fileQueueService = {
    dependencies: ["orm", "file_upload"],
    start(env, services) {
        return new FileQueue(services);
    },
};

registry.category("services").add("opportunity_file_queue", fileQueueService);
