import {
    CrmKanbanDynamicGroupList,
    CrmKanbanModel,
} from "@crm/views/crm_kanban/crm_kanban_model";
import {crmKanbanView} from "@crm/views/crm_kanban/crm_kanban_view";
import {registry} from "@web/core/registry";
import {openClosingDialog} from "../closing_dialog";

export class OpportunityKanbanGroupList extends CrmKanbanDynamicGroupList {
    /**
     * A card dragged to a won stage opens the Won dialog when a reason is required,
     * instead of being sent back with an error.
     *
     * @override
     */
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        const record = source?.list.records.find((r) => r.id === dataRecordId);
        const isStageMove =
            source !== target && target?.groupByField.name === "stage_id";
        if (isStageMove && record && target.value) {
            const reload = () => this.model.load();
            if (
                await openClosingDialog(this.model, record.resId, target.value, reload)
            ) {
                return;
            }
        }
        return super.moveRecord(...arguments);
    }
}

export class OpportunityKanbanModel extends CrmKanbanModel {
    static DynamicGroupList = OpportunityKanbanGroupList;
}

export const opportunityKanbanView = {...crmKanbanView, Model: OpportunityKanbanModel};

registry.category("views").add("opportunity_kanban", opportunityKanbanView);
