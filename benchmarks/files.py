"""The file box beside Odoo's own attachments: uploads, pages, archives."""

import contextlib
import gc
import io
import json
import os
import threading
import time

from odoo import api
from odoo.tools import SQL

from .figures import Line, Sample, interleave, line
from .measure import environment, timed
from .setting import SUPERUSER
from .web import Client

UPLOAD = "/opportunity/files/upload"
CORE_UPLOAD = "/web/binary/upload_attachment"
UPLOAD_GOAL = 1.1
UPLOADS = 100
UPLOAD_ROUNDS = 10
UPLOAD_SIZE = 100 * 1024

PAGE_GOAL = 1.5
PAGE_ROUNDS = 31
PAGE_FILES = 10_000
PAGE_ROWS = 41

ZIP_FILES = 500
ZIP_SIZE = 1024**2
# Megabytes above idle while the archive is sent.
ZIP_GOAL = 100
MEGABYTE = 1024**2

ADD_FILES = """
    WITH number AS (
        SELECT generate_series(1, %(count)s) AS n
    ), attachment AS (
        INSERT INTO ir_attachment (name, type, res_model, mimetype, file_size, checksum,
                                   create_uid, create_date, write_uid, write_date)
        SELECT 'Contract ' || n || '.pdf', 'binary', 'opportunity.file',
               'application/pdf', n, md5(n::text), %(user)s, now(), %(user)s, now()
          FROM number
        RETURNING id, file_size AS n
    )
    INSERT INTO opportunity_file (attachment_id, lead_id, partner_id, category_id,
                                  visibility, active, version, create_uid, create_date,
                                  write_uid, write_date)
    SELECT id, (%(leads)s::int[])[1 + mod(n, cardinality(%(leads)s::int[]))],
           %(partner)s, %(category)s, 'team', true, 1, %(user)s, now(), %(user)s, now()
      FROM attachment
"""
TAG_FILES = """
    INSERT INTO opportunity_file_opportunity_file_tag_rel
           (opportunity_file_id, opportunity_file_tag_id)
    SELECT id, %(tag)s FROM opportunity_file WHERE partner_id = %(partner)s
"""
LINK_ATTACHMENTS = """
    UPDATE ir_attachment AS attachment SET res_id = file.id
      FROM opportunity_file AS file
     WHERE file.attachment_id = attachment.id AND file.partner_id = %(partner)s
"""
# What the panel shows, without asking for rights.
BARE_PAGE = """
    SELECT file.id, file.attachment_id, attachment.name, attachment.mimetype,
           attachment.file_size, attachment.description, attachment.checksum,
           category.name->>'en_US', file.visibility, file.version, file.date_expiry,
           file.previous_version_id, file.active, file.lead_id, lead.name,
           file.partner_id, partner.complete_name, file.create_date, owner.name,
           (SELECT json_agg(json_build_array(tag.id, tag.name->>'en_US', tag.color)
                            ORDER BY tag.name->>'en_US', tag.id)
              FROM opportunity_file_opportunity_file_tag_rel AS tagging
              JOIN opportunity_file_tag AS tag
                ON tag.id = tagging.opportunity_file_tag_id
             WHERE tagging.opportunity_file_id = file.id)
      FROM (SELECT * FROM opportunity_file AS shown
             WHERE partner_id = %(partner)s AND active
               AND NOT EXISTS (SELECT FROM opportunity_file AS newer
                                WHERE newer.previous_version_id = shown.id
                                  AND newer.active)
             ORDER BY id DESC
             LIMIT %(rows)s) AS file
      JOIN ir_attachment AS attachment ON attachment.id = file.attachment_id
      JOIN res_users ON res_users.id = file.create_uid
      JOIN res_partner AS owner ON owner.id = res_users.partner_id
      LEFT JOIN opportunity_file_category AS category ON category.id = file.category_id
      LEFT JOIN res_partner AS partner ON partner.id = file.partner_id
      LEFT JOIN crm_lead AS lead ON lead.id = file.lead_id
     ORDER BY file.id DESC
"""


# === UPLOADS === #


def upload_1000(setting):
    """A thousand uploads of 100 kB over HTTP against Odoo's own upload."""
    ours, peer = Uploader(setting, setting.ours), Uploader(setting, setting.core)
    with ours.tidied("opportunity.file"), peer.tidied("ir.attachment"):
        samples = interleave(
            UPLOAD_ROUNDS,
            warm_up=1,
            ours=lambda _number: ours.upload(UPLOAD, box(ours)),
            peer=lambda _number: peer.upload(CORE_UPLOAD, own(peer)),
        )
    return [line("upload_1000", samples, UPLOAD_GOAL)]


def box(uploader):
    """What our upload is told of the opportunity."""
    return {"res_model": "crm.lead", "res_id": uploader.lead_id}


def own(uploader):
    """What Odoo's is told."""
    return {"model": "crm.lead", "id": uploader.lead_id}


class Uploader:
    """A salesperson who uploads to an opportunity."""

    def __init__(self, setting, registry):
        self.registry = registry
        self.client = Client(registry, setting.uid)
        self.lead_id = setting.own_leads[0]

    def upload(self, path, values):
        """The sample of many uploads, each in a request of its own."""
        contents = [os.urandom(UPLOAD_SIZE) for _number in range(UPLOADS)]
        gc.collect()
        queries, start = 0, time.perf_counter()
        for number, content in enumerate(contents):
            file = (io.BytesIO(content), f"Contract {number}.pdf")
            answer = self.client.post(path, {**values, "ufile": file})
            if "error" in json.dumps(answer):
                raise AssertionError(f"{path}: {answer}")
            queries += threading.current_thread().query_count
        return Sample(time.perf_counter() - start, queries)

    @contextlib.contextmanager
    def tidied(self, model):
        """Delete what the block uploads."""
        try:
            yield
        finally:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER, {})
                domain = [("create_uid", "=", self.client.uid)]
                env[model].search([*domain, ("name", "like", "Contract")]).unlink()


# === THE PANEL === #


def files_page(setting):
    """The first page of a contact with 10,000 files against the bare query for it."""
    with environment(setting.ours, SUPERUSER) as env:
        partner = env["res.partner"].search([("name", "=", "Customer 0")])
        fill_box(env, setting, partner)
        parameters = {"partner": partner.id, "rows": PAGE_ROWS}

        def ours(_number):
            contact = partner.with_env(env(user=setting.uid, su=False))
            env.invalidate_all()
            return timed(env.cr, contact.get_file_panel)

        def floor(_number):
            return timed(env.cr, lambda: read_bare_page(env.cr, parameters))

        samples = interleave(PAGE_ROUNDS, ours=ours, floor=floor)
    return [line("files_page", samples, PAGE_GOAL)]


def read_bare_page(cr, parameters):
    """Read the rows of the first page."""
    cr.execute(BARE_PAGE, parameters)
    return cr.fetchall()


def fill_box(env, setting, partner):
    """Put files of the salesperson's opportunities into the box of a contact."""
    parameters = {
        "count": PAGE_FILES,
        "user": setting.uid,
        "leads": list(setting.own_leads),
        "partner": partner.id,
        "category": env["opportunity.file.category"].search([], limit=1).id,
        "tag": env["opportunity.file.tag"].create({"name": "Measured"}).id,
    }
    env.cr.execute(ADD_FILES, parameters)
    env.cr.execute(LINK_ATTACHMENTS, parameters)
    env.cr.execute(TAG_FILES, parameters)
    for table in ("opportunity_file", "ir_attachment"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


# === ARCHIVES === #


def zip_500(setting):
    """The memory that an archive of 500 files, 500 MB, takes while it is sent: ours in
    megabytes above idle, where the goal is given as a part of 100 MB."""
    with made_files(setting) as ids:
        client = Client(setting.ours, setting.uid)
        path = f"/opportunity/files/zip?ids={','.join(map(str, ids))}"
        # Idle is a worker that has answered such a request before.
        receive(client, f"/opportunity/files/zip?ids={ids[0]}")
        gc.collect()
        idle = reset_peak()
        start = time.perf_counter()
        size = receive(client, path)
        seconds = time.perf_counter() - start
        used = read_memory("VmHWM") - idle
    if size < ZIP_FILES * ZIP_SIZE:
        raise AssertionError(f"The archive has {size} bytes only.")
    print(f"  {size / MEGABYTE:.0f} MB in {seconds:.1f} seconds", flush=True)
    return [Line("zip_500", used / ZIP_GOAL, used, None, None, "", 1)]


@contextlib.contextmanager
def made_files(setting):
    """The ids of large files in an opportunity, for the block."""
    ids = []
    try:
        with setting.ours.cursor() as cr:
            env = api.Environment(cr, setting.uid, {})
            for number in range(ZIP_FILES):
                file = env["opportunity.file"].create(
                    {
                        "name": f"Plan {number}.bin",
                        "raw": os.urandom(ZIP_SIZE),
                        "lead_id": setting.own_leads[0],
                    }
                )
                ids.append(file.id)
                env.invalidate_all()
        yield ids
    finally:
        with setting.ours.cursor() as cr:
            env = api.Environment(cr, SUPERUSER, {})
            env["opportunity.file"].browse(ids).exists().unlink()


def receive(client, path):
    """Fetch an answer piece by piece, and return how long it was."""
    answer = client.wsgi.get(path, headers=client.headers)
    if answer.status_code != 200:
        raise AssertionError(f"{path[:40]}: {answer.status}")
    return sum(map(len, answer.iter_encoded()))


def reset_peak():
    """Begin to measure the largest memory anew, and return what is used now, in MB."""
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    return read_memory("VmRSS")


def read_memory(name):
    """A figure of this process's memory in megabytes."""
    with open("/proc/self/status") as status:
        [value] = [text.split()[1] for text in status if text.startswith(name)]
    return int(value) / 1024
