import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("opportunity_buy_link", {
    steps: () => [
        {
            content: "Without options",
            trigger: ".o_buy_link_totals .o_total:contains('231.00')",
        },
        {
            content: "Take the lamp",
            trigger: ".o_buy_link_option:first",
            run: "click",
        },
        {
            content: "The total follows",
            trigger: ".o_buy_link_totals .o_total:contains('286.00')",
        },
        {
            content: "Buy",
            trigger: ".o_buy_link [type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Odoo's page offers to pay",
            trigger: "#o_sale_portal_paynow",
        },
    ],
});
