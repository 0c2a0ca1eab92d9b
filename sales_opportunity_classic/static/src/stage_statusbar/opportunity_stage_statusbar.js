import {
    RottingStatusBarDurationField,
    rottingStatusBarDurationField,
} from "@mail/js/rotting_mixin/rotting_statusbar";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {openClosingDialog} from "../closing_dialog";

export class OpportunityStageStatusBar extends RottingStatusBarDurationField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /**
     * A click on a won stage opens the Won dialog when a reason is required.
     *
     * @override
     */
    async selectItem(item) {
        const {record} = this.props;
        if (record.resId && (await record.save())) {
            const reload = () => record.load();
            if (await openClosingDialog(this, record.resId, item.value, reload)) {
                return;
            }
        }
        return super.selectItem(item);
    }
}

registry.category("fields").add("opportunity_stage_statusbar", {
    ...rottingStatusBarDurationField,
    component: OpportunityStageStatusBar,
    additionalClasses: ["o_field_statusbar"],
});
