from odoo import models
from odoo.tools.pdf import merge_pdf


class OpportunityLetterDeliveryMixin(models.AbstractModel):
    """Prints the letters of a batch and gives them to where they go: one PDF file, the
    file box of their contacts, or the post."""

    _name = "opportunity.letter.delivery.mixin"
    _description = "Delivery of Letters"
    _inherit = ["opportunity.letter.post.mixin"]

    def _deliver(self, letters):
        """Print letters by one run, keep the file, and give each letter its part."""
        is_filed = self._get_opportunity_setting("letters_in_file_box")
        if not letters or (self.kind == "email" and not is_filed):
            return
        pages = [letter._make_page() for letter in letters]
        maker = self.with_env(letters.env).sudo(False)
        pdf = maker._print_letters(pages)
        if self.kind == "print":
            self._keep_part(pdf)
        if is_filed or self.kind == "post":
            files = maker._cut_letters(pdf, pages)
            if is_filed:
                letters._keep_in_file_box(files)
            if self.kind == "post":
                maker._post_letters(letters, files)

    def _keep_part(self, pdf):
        """Keep the PDF of some letters until the others are there."""
        self.env["ir.attachment"].create(
            {
                "name": f"part {self.done_count:06}",
                "raw": pdf,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _finish(self):
        self._join_parts()
        self.state = "done"

    def _join_parts(self):
        """Make one file of all parts."""
        parts = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("name", "=like", "part %"),
            ],
            order="id",
        )
        if parts:
            self.pdf_id = parts[:1]
            if len(parts) > 1:
                self.pdf_id.raw = merge_pdf(parts.mapped("raw"))
            self.pdf_id.name = f"{self.name}.pdf"
            (parts - self.pdf_id).unlink()
