// What systems leave in folders.
const LITTER = /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/i;

function readFile(entry) {
    return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function readFolder(entry) {
    const reader = entry.createReader();
    const children = [];
    let page = [];
    do {
        // A browser gives a folder in pages, the last of which is empty.
        page = await new Promise((resolve, reject) =>
            reader.readEntries(resolve, reject)
        );
        children.push(...page);
    } while (page.length);
    const lists = await Promise.all(children.map(readEntry));
    return lists.flat().filter(({name}) => !LITTER.test(name));
}

async function readEntry(entry) {
    return entry.isDirectory ? readFolder(entry) : [await readFile(entry)];
}

/**
 * @param {DataTransfer} dataTransfer
 * @returns {Promise<File[]>} what was dropped, with all that is in dropped folders
 */
export async function getDroppedFiles({items, files}) {
    // Both are empty as soon as the event is over.
    const entries = [...(items || [])]
        .map((item) => item.webkitGetAsEntry?.())
        .filter(Boolean);
    const plain = [...files];
    if (!entries.some((entry) => entry.isDirectory)) {
        return plain;
    }
    return (await Promise.all(entries.map(readEntry))).flat();
}
