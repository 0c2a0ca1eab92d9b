import {_t} from "@web/core/l10n/translation";

const invoice = {
    label: _t("Create Invoice"),
    type: "action",
    name: "sale.action_view_sale_advance_payment_inv",
};

/**
 * What may be done with a row, by the names that the server gives: the buttons of Odoo's
 * own forms, with the same contexts.
 */
const BUTTONS = {
    "sale.order": {
        confirm: {
            label: _t("Confirm"),
            type: "object",
            name: "action_confirm",
            context: {validate_analytic: true},
        },
        send: {
            label: _t("Send"),
            type: "object",
            name: "action_quotation_send",
            context: {validate_analytic: true, check_document_layout: true},
        },
        invoice,
        down_payment: {
            ...invoice,
            context: {default_advance_payment_method: "percentage"},
        },
        print: {
            label: _t("Print"),
            type: "action",
            name: "sale.action_report_saleorder",
        },
    },
    "account.move": {
        post: {
            label: _t("Confirm"),
            type: "object",
            name: "action_post",
            context: {
                validate_analytic: true,
                disable_abnormal_invoice_detection: false,
            },
        },
        pay: {
            label: _t("Pay"),
            type: "object",
            name: "action_register_payment",
            context: {dont_redirect_to_payments: true, display_account_trust: true},
        },
        send: {label: _t("Send"), type: "object", name: "action_invoice_sent"},
        credit: {label: _t("Credit Note"), type: "object", name: "action_reverse"},
        print: {label: _t("Print"), type: "object", name: "action_print_pdf"},
    },
    "account.payment": {
        refund: {label: _t("Refund"), type: "object", name: "action_refund_wizard"},
    },
};

const MODELS = {
    orders: "sale.order",
    moves: "account.move",
    payments: "account.payment",
};

/**
 * @param {"orders" | "moves" | "payments"} section
 * @param {object} row
 * @returns {{model: string, resId: number | false, buttons: object[]}} the document of a
 *  row and what may be done with it
 */
export function getButtons(section, row) {
    const model = MODELS[section];
    return {
        model,
        resId: section === "payments" ? row.payment_id : row.id,
        buttons: row.actions.map((id) => ({id, ...BUTTONS[model][id]})),
    };
}
