import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Filters of files: only by what the files at hand have. */
export class FileFilters extends Component {
    static template = "sales_opportunity_classic.FileFilters";
    static props = {
        model: String,
        resId: Number,
        filters: Object,
        onChange: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({choices: {category_id: [], tag_ids: [], lead_id: []}});
        onWillStart(async () => {
            const {model, resId, filters} = this.props;
            this.state.choices = await this.orm.call(model, "get_file_filters", [
                resId,
                {related: filters.related},
            ]);
        });
    }

    get isOfContact() {
        return this.props.model === "res.partner" || this.props.filters.related;
    }

    select(name, value) {
        this.props.onChange({[name]: Number(value) || false});
    }
}
