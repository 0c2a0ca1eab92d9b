import {registry} from "@web/core/registry";
import {dragenterFiles, dropFiles} from "@web/../tests/utils";

const fileBox = {
    content: "open the file box",
    trigger: ".o_notebook_headers a[name=file_box]",
    run: "click",
};
const viewAndClose = (name) => [
    {
        content: `open ${name}`,
        trigger: `.o_file_open:contains('${name}')`,
        run: "click",
    },
    {
        content: "Odoo's viewer shows it",
        trigger: ".o-FileViewer iframe.o-isText",
    },
    {
        content: "close the viewer",
        trigger: ".o-FileViewer-headerButton[aria-label=Close]",
        run: "click",
    },
    {
        content: "the viewer is closed",
        trigger: "body:not(:has(.o-FileViewer))",
    },
];

function getFiles() {
    const asFile = (content, name) => new File([content], name, {type: "text/plain"});
    return [
        ...Array.from({length: 17}, (_, i) => asFile(`Text ${i}`, `Text ${i}.txt`)),
        asFile("x", "virus.exe"),
        asFile("x".repeat(1024 ** 2 + 1), "large.txt"),
        asFile("The terms", "Contract again.txt"),
    ];
}

registry.category("web_tour.tours").add("opportunity_files_drop", {
    steps: () => [
        fileBox,
        {
            content: "drop twenty files",
            trigger: ".o_opportunity_files .o_file_open:contains('Contract.txt')",
            async run() {
                const files = getFiles();
                await dragenterFiles(".o_opportunity_files", files);
                await dropFiles(".o_opportunity_files_dropzone", files);
            },
        },
        {
            content: "one is blocked",
            trigger: ".o_file_upload[data-state=refused]:contains('virus.exe')",
        },
        {
            content: "one is too large",
            trigger: ".o_file_upload[data-state=refused]:contains('more than 1 MB')",
        },
        {
            content: "one may be a new version",
            trigger:
                ".o_file_upload:contains('has the same content as “Contract.txt”') .o_file_new_version",
            run: "click",
        },
        {
            content: "it is one",
            trigger:
                ".o_file_row:contains('Contract again.txt') .o_file_version:contains('v2')",
        },
        {
            content: "no other file is lost",
            trigger:
                ".o_files_rows:has(.o_file_row:eq(17)):not(:has(.o_file_row:eq(18)))",
        },
        {
            content: "put away what was refused",
            trigger: ".o_file_upload:contains('virus.exe') .o_file_dismiss",
            run: "click",
        },
        ...viewAndClose("Text 0.txt"),
        {
            content: "the actions of a file",
            trigger: ".o_file_row:contains('Text 1.txt') .o_file_menu",
            run: "click",
        },
        {
            content: "rename it",
            trigger: ".o_file_rename",
            run: "click",
        },
        {
            content: "give a name",
            trigger: ".o_file_name_input",
            run: "edit Renamed.txt && press Enter",
        },
        {
            content: "it has the name",
            trigger: ".o_file_open:contains('Renamed.txt')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_files_of_contact", {
    steps: () => [
        fileBox,
        {
            content: "the contact has the files",
            trigger: ".o_files_rows:has(.o_file_row:eq(17))",
        },
        {
            content: "as cards",
            trigger: ".o_files_as_grid",
            run: "click",
        },
        {
            content: "search",
            trigger: ".o_files_grid .o_files_search",
            run: "edit Renamed",
        },
        {
            content: "one is found",
            trigger: ".o_files_rows:not(:has(.o_file_row:eq(1)))",
        },
        ...viewAndClose("Renamed.txt"),
        {
            content: "select it",
            trigger: ".o_file_row .o_file_select input",
            run: "click",
        },
        {
            content: "move it to the bin",
            trigger: ".o_files_bin",
            run: "click",
        },
        {
            content: "it is gone",
            trigger: ".o_files_empty:contains('No file found')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_files_share", {
    steps: () => [
        fileBox,
        {
            content: "the actions of a file",
            trigger: ".o_file_row:contains('Contract.txt') .o_file_menu",
            run: "click",
        },
        {
            content: "share it",
            trigger: ".o_file_share",
            run: "click",
        },
        {
            content: "the dialog has the address",
            trigger: ".o_dialog [name=url]:contains('/opportunity/shared/')",
        },
        {
            content: "close it",
            trigger: ".o_dialog .btn-close",
            run: "click",
        },
        {
            content: "the panel is back",
            trigger: "body:not(:has(.o_dialog)) .o_file_open:contains('Contract.txt')",
        },
    ],
});

registry.category("web_tour.tours").add("opportunity_files_revoke", {
    steps: () => [
        {
            content: "revoke the link",
            trigger: ".o_form_statusbar button[name=action_revoke]",
            run: "click",
        },
        {
            content: "for good",
            trigger: ".o_dialog .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "it is revoked",
            trigger: ".o_statusbar_status [data-value=revoked].o_arrow_button_current",
        },
    ],
});
