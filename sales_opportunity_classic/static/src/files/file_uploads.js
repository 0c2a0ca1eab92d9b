import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {humanSize} from "@web/core/utils/binary";
import {useService} from "@web/core/utils/hooks";

/** What is on its way into one box, what was refused, and what may be a new version. */
export class FileUploads extends Component {
    static template = "sales_opportunity_classic.FileUploads";
    static props = {
        model: String,
        resId: Number,
        onVersion: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.queue = useService("opportunity_file_queue");
        // What is on its way changes by the service.
        this.uploads = useState(this.queue.uploads);
        this.humanSize = humanSize;
    }

    get rows() {
        const {model, resId} = this.props;
        return this.uploads.filter(
            (upload) => upload.model === model && upload.resId === resId
        );
    }

    getPercent({state, transfer}) {
        const isSent = ["sent", "concluding"].includes(state);
        return isSent ? 100 : Math.round((transfer?.progress || 0) * 100);
    }

    getOffer({name, offer}) {
        return offer.is_same
            ? _t("“%(file)s” has the same content as “%(other)s”.", {
                  file: name,
                  other: offer.name,
              })
            : _t("There is another file of the name “%s” already.", name);
    }

    isUnderWay({state}) {
        return !["refused", "failed", "offered"].includes(state);
    }

    getLabel(upload) {
        const {name} = upload;
        return this.isUnderWay(upload)
            ? _t("Cancel the upload of %s", name)
            : _t("Dismiss %s", name);
    }

    canCancel({state}) {
        return !["checking", "sent", "concluding"].includes(state);
    }

    async makeVersion(upload) {
        const {model, resId, onVersion} = this.props;
        await this.orm.call(model, "action_make_file_version", [
            resId,
            upload.fileId,
            upload.offer.id,
        ]);
        this.queue.remove(upload);
        await onVersion();
    }
}
