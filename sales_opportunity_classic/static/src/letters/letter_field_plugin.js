import {LetterFieldDialog} from "./letter_field_dialog";
import {Plugin} from "@html_editor/plugin";
import {_t} from "@web/core/l10n/translation";
import {isHtmlContentSupported} from "@html_editor/core/selection_plugin";
import {withSequence} from "@html_editor/utils/resource";

export const FIELD = "letter-field";
export const CONDITION = "letter-condition";
const FIELD_SELECTOR = `[data-embedded="${FIELD}"]`;
const CONDITION_SELECTOR = `[data-embedded="${CONDITION}"]`;

/**
 * Merge fields of a letter and blocks under a condition. Both are plain elements that
 * Odoo's sanitizer keeps: what they ask for stands as JSON in an attribute, and is
 * looked up by the server in a list of fields.
 */
export class LetterFieldPlugin extends Plugin {
    static id = "opportunityLetterField";
    static dependencies = ["dom", "history", "selection"];

    resources = {
        user_commands: [
            {
                id: "insertLetterField",
                title: _t("Field"),
                description: _t("Insert what differs from letter to letter"),
                icon: "fa-hashtag",
                run: () => this.choose(FIELD),
                isAvailable: isHtmlContentSupported,
            },
            {
                id: "insertLetterCondition",
                title: _t("Condition"),
                description: _t("A block that stands in some letters only"),
                icon: "fa-code-fork",
                run: () => this.choose(CONDITION),
                isAvailable: isHtmlContentSupported,
            },
        ],
        powerbox_categories: withSequence(5, {id: "letter", name: _t("Letter")}),
        powerbox_items: [
            {categoryId: "letter", commandId: "insertLetterField"},
            {categoryId: "letter", commandId: "insertLetterCondition"},
        ],
        power_buttons: withSequence(5, {commandId: "insertLetterField"}),
        toolbar_groups: withSequence(60, {id: "letter"}),
        toolbar_items: [
            {id: "letter_field", groupId: "letter", commandId: "insertLetterField"},
        ],
        content_not_editable_providers: (root) =>
            Array.from(root.querySelectorAll(FIELD_SELECTOR)),
        contenteditable_to_remove_selector: FIELD_SELECTOR,
        selectors_for_feff_providers: () => FIELD_SELECTOR,
    };

    setup() {
        this.addDomListener(this.editable, "dblclick", this.onDblClick);
    }

    /** A double click opens the field, or the condition by its title. */
    onDblClick(ev) {
        const element = ev.target.closest(FIELD_SELECTOR);
        if (element || ev.target.matches(CONDITION_SELECTOR)) {
            ev.preventDefault();
            this.open(element || ev.target);
        }
    }

    choose(kind) {
        this.showDialog(kind, {}, (chosen) => {
            this.dependencies.dom.insert(this.make(kind, chosen));
            this.dependencies.history.addStep();
        });
    }

    open(element) {
        const props = JSON.parse(element.dataset.embeddedProps || "{}");
        this.showDialog(element.dataset.embedded, props, (chosen) => {
            this.describe(element, chosen);
            this.dependencies.history.addStep();
        });
    }

    showDialog(kind, values, onChosen) {
        const {resModel, recordId} = this.config.letterSample();
        this.services.dialog.add(
            LetterFieldDialog,
            {resModel, recordId, values, isCondition: kind === CONDITION, onChosen},
            {onClose: () => this.dependencies.selection.focusEditable()}
        );
    }

    make(kind, chosen) {
        const element = this.document.createElement(kind === FIELD ? "span" : "div");
        element.dataset.embedded = kind;
        this.describe(element, chosen);
        if (kind === CONDITION) {
            const paragraph = this.document.createElement("p");
            paragraph.textContent = _t("Text under this condition");
            element.append(paragraph);
        }
        return element;
    }

    /**
     * @param {HTMLElement} element
     * @param {{ props: object, text: string }} chosen what it asks for, and what is
     *  shown of it
     */
    describe(element, {props, text}) {
        element.dataset.embeddedProps = JSON.stringify(props);
        if (element.dataset.embedded === FIELD) {
            element.textContent = text;
        } else {
            element.setAttribute("title", text);
        }
    }
}
