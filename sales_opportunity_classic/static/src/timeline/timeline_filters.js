import {Component, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {timelineKinds} from "./timeline_kinds";

/** Filters of the timeline: by kind, by what is done, by person and by day. */
export class TimelineFilters extends Component {
    static template = "sales_opportunity_classic.TimelineFilters";
    static props = {
        model: String,
        resId: Number,
        filters: Object,
        onChange: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.kinds = timelineKinds.getEntries();
        this.state = useState({people: []});
        onWillStart(async () => {
            const {model, resId} = this.props;
            this.state.people = await this.orm.call(model, "get_timeline_people", [
                resId,
            ]);
        });
    }

    hasKind(kind) {
        return this.props.filters.kinds.includes(kind);
    }

    toggleKind(kind) {
        const {kinds} = this.props.filters;
        this.props.onChange({
            kinds: this.hasKind(kind)
                ? kinds.filter((other) => other !== kind)
                : [...kinds, kind],
        });
    }

    choosePerson(value) {
        this.props.onChange({person_id: Number(value) || false});
    }

    clear() {
        this.props.onChange({
            kinds: [],
            person_id: false,
            date_from: false,
            date_to: false,
            state: false,
        });
    }
}
