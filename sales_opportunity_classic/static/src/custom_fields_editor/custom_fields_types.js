import {_t} from "@web/core/l10n/translation";

/** The types whose options a sales administrator gives. */
export const TYPES_WITH_OPTIONS = ["dropdown", "radio", "list_box", "drilldown"];

/** What the preview draws for a type; a line to write on for those not named. */
const DRAWN_AS = {
    text_area: "area",
    yes_no: "radio",
    radio: "radio",
    list_box: "tags",
    html: "area",
    image: "image",
    file: "file",
    stars: "stars",
    color: "color",
};
const ICONS = {
    percent: "fa-percent",
    currency: "fa-money",
    date: "fa-calendar",
    date_time: "fa-clock-o",
    month: "fa-caret-down",
    day_of_week: "fa-caret-down",
    phone_number: "fa-phone",
    email: "fa-envelope-o",
    website: "fa-globe",
    social_security_number: "fa-eye-slash",
    state: "fa-caret-down",
    dropdown: "fa-caret-down",
    drilldown: "fa-caret-down",
    user: "fa-user-o",
    user_list_box: "fa-users",
    contact: "fa-caret-down",
    product: "fa-caret-down",
};
const YES_NO = [
    {key: "yes", name: _t("Yes")},
    {key: "no", name: _t("No")},
];

/**
 * How the preview draws a type.
 *
 * @param {string} type
 * @returns {{ drawing: string, icon: string|undefined }}
 */
export function getDrawing(type) {
    return {drawing: DRAWN_AS[type] || "line", icon: ICONS[type]};
}

/**
 * The options of a field that are shown, in reading order, each with the names above
 * it.
 *
 * @param {object} field
 * @returns {{ key: string, name: string, color: number }[]}
 */
export function getOptions(field) {
    return field.type === "yes_no" ? YES_NO : flattenOptions(field.options);
}

function flattenOptions(options, above = "") {
    return options
        .filter(({active}) => active)
        .flatMap(({key, name, color, options: below}) => [
            {key, name: above + name, color},
            ...flattenOptions(below, `${above}${name} / `),
        ]);
}

/**
 * The columns in which a form shows the fields of a header: runs of narrow fields dealt
 * out from top to bottom, and each wide field in a column of its own.
 *
 * @param {object[]} fields
 * @param {number} columns
 * @returns {{wide: boolean, fields: object[]}[]}
 */
export function layOut(fields, columns) {
    const runs = [];
    for (const field of fields) {
        if (field.wide || !runs.length || runs.at(-1).wide) {
            runs.push({wide: field.wide, fields: []});
        }
        runs.at(-1).fields.push(field);
    }
    return runs.flatMap((run) => (run.wide ? [run] : dealOut(run.fields, columns)));
}

function dealOut(fields, columns) {
    const height = Math.ceil(fields.length / columns);
    const starts = Array.from({length: Math.ceil(fields.length / height)}).keys();
    return [...starts].map((index) => ({
        wide: false,
        fields: fields.slice(index * height, (index + 1) * height),
    }));
}
