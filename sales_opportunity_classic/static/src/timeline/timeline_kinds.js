import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * What stands in the timeline: how many of it are called, how one without a title is, and
 * its icon. Features add to it.
 */
export const timelineKinds = registry.category("opportunity_timeline_kinds");

timelineKinds
    .add("task", {label: _t("Tasks"), title: _t("Task"), icon: "fa-check-square-o"})
    .add("meeting", {
        label: _t("Appointments"),
        title: _t("Appointment"),
        icon: "fa-calendar",
    })
    .add("call", {label: _t("Calls"), title: _t("Call"), icon: "fa-phone"})
    .add("note", {label: _t("Notes"), title: _t("Note"), icon: "fa-sticky-note-o"})
    .add("email_out", {
        label: _t("Emails Sent"),
        title: _t("Email Sent"),
        icon: "fa-paper-plane-o",
    })
    .add("email_in", {
        label: _t("Emails Received"),
        title: _t("Email Received"),
        icon: "fa-envelope-open-o",
    })
    .add("sms", {
        label: _t("Text Messages"),
        title: _t("Text Message"),
        icon: "fa-mobile",
    })
    .add("letter", {label: _t("Letters"), title: _t("Letter"), icon: "fa-file-text-o"})
    .add("stage", {label: _t("Stages"), title: _t("Stage"), icon: "fa-exchange"})
    .add("file", {label: _t("Files"), title: _t("File"), icon: "fa-paperclip"});
