import {FileModel} from "@web/core/file_viewer/file_model";

/**
 * @param {object} row of a file, or of an attachment
 * @returns {FileModel} what Odoo's viewer shows
 */
export function toFileModel(row) {
    const {id, attachment_id, name, mimetype, checksum} = row;
    return Object.assign(new FileModel(), {
        id: attachment_id || id,
        name,
        mimetype,
        checksum,
        type: "binary",
    });
}

/**
 * @param {object} row
 * @returns {string | false} the address of a small picture of it
 */
export function getThumbnail(row) {
    const file = toFileModel(row);
    const version = encodeURIComponent(row.checksum || "");
    return file.isImage && `/web/image/${file.id}/300x300?unique=${version}`;
}
