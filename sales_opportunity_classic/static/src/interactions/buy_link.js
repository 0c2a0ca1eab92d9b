import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {post, get} from "@web/core/network/http_service";

/**
 * The page of a Buy Now link: counts that somebody looks at it, keeps the total in step
 * with what is ticked and sends the form once.
 */
export class BuyLink extends Interaction {
    static selector = ".o_buy_link";
    dynamicContent = {
        ".o_buy_link_option": {"t-on-change": this.updateTotals},
        _root: {"t-on-submit": this.onSubmit},
    };

    start() {
        // Not awaited: whether it is counted is nothing to the customer.
        post(
            "/opportunity/buy/opened",
            {csrf_token: odoo.csrf_token, token: this.el.dataset.token},
            "text"
        ).catch(() => {});
    }

    /** Have the server work out the total; of several answers the last asked counts. */
    async updateTotals() {
        const chosen = new URLSearchParams(new FormData(this.el)).getAll("option");
        const query = new URLSearchParams(chosen.map((id) => ["option", id]));
        this.asked = query.toString();
        const html = await this.waitFor(
            get(`${this.el.getAttribute("action")}?${query}`, "text")
        );
        if (this.asked !== query.toString()) {
            return;
        }
        const page = new DOMParser().parseFromString(html, "text/html");
        const form = page.querySelector(".o_buy_link");
        if (form?.elements.revision.value !== this.el.elements.revision.value) {
            // Another offer than the one that is shown.
            window.location.reload();
            return;
        }
        this.el
            .querySelector(".o_buy_link_totals")
            .replaceWith(form.querySelector(".o_buy_link_totals"));
    }

    onSubmit() {
        this.el.querySelector("[type=submit]").disabled = true;
    }
}

registry
    .category("public.interactions")
    .add("sales_opportunity_classic.buy_link", BuyLink);
