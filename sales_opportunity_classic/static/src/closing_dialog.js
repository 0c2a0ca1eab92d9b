/**
 * Ask the server whether moving an opportunity to a stage needs the Won dialog
 * first, and open it if so.
 *
 * @param {{ orm: object, action: object }} services
 * @param {number} leadId
 * @param {number} stageId
 * @param {() => void} onClose called when the dialog is closed, applied or not
 * @returns {Promise<boolean>} whether the dialog was opened instead of moving
 */
export async function openClosingDialog({orm, action}, leadId, stageId, onClose) {
    const dialog = await orm.call("crm.lead", "action_get_closing_dialog", [
        [leadId],
        stageId,
    ]);
    if (dialog) {
        await action.doAction(dialog, {onClose});
    }
    return Boolean(dialog);
}
