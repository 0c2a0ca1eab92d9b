import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** What stands in the timeline: how it is called and its icon. Features add to it. */
export const timelineKinds = registry.category("opportunity_timeline_kinds");

timelineKinds
    .add("task", {label: _t("Tasks"), icon: "fa-check-square-o"})
    .add("meeting", {label: _t("Appointments"), icon: "fa-calendar"})
    .add("call", {label: _t("Calls"), icon: "fa-phone"})
    .add("note", {label: _t("Notes"), icon: "fa-sticky-note-o"})
    .add("email_out", {label: _t("Emails Sent"), icon: "fa-paper-plane-o"})
    .add("email_in", {label: _t("Emails Received"), icon: "fa-envelope-open-o"})
    .add("sms", {label: _t("Text Messages"), icon: "fa-mobile"})
    .add("letter", {label: _t("Letters"), icon: "fa-file-text-o"})
    .add("stage", {label: _t("Stages"), icon: "fa-exchange"})
    .add("file", {label: _t("Files"), icon: "fa-paperclip"});
