from base64 import b64encode

from odoo.tests import TransactionCase, tagged

from ..tools.letters.joining import keep_together
from ..tools.letters.merging import Value, get_keys, merge, parse, write
from ..tools.letters.paper import ENVELOPES, PAPERS, get_address_place
from ..tools.letters.pictures import make_picture
from ..tools.letters.safety import clean_style, make_safe
from ..tools.letters.salutation import get_first_name, get_salutation
from .letter_common import make_condition, make_field

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


@tagged("post_install", "-at_install")
class TestLetterTools(TransactionCase):
    """What is put into a text, and what may stay in it."""

    def _merge(self, source, values):
        root = parse(source)
        reasons = merge(root, lambda key: values.get(key, Value()))
        return write(root), reasons

    def test_a_value_takes_the_place_of_its_field(self):
        body, reasons = self._merge(
            f"<p>Dear <b>{make_field('name')}</b>, hi</p>", {"name": Value("Jane")}
        )
        self.assertEqual(body, "<p>Dear <b><span>Jane</span></b>, hi</p>")
        self.assertFalse(reasons)

    def test_a_value_is_text_whatever_it_says(self):
        body, _reasons = self._merge(
            make_field("name"), {"name": Value("<b>A</b> & {{7*7}} ${x} \x00\x0b")}
        )
        self.assertIn("&lt;b&gt;A&lt;/b&gt; &amp; {{7*7}} ${x}", body)

    def test_lines_of_a_value_stay_lines(self):
        body, _reasons = self._merge(make_field("a"), {"a": Value("one\r\ntwo")})
        self.assertIn("one<br>two", body)

    def test_a_table_stands_in_no_paragraph(self):
        table = Value("<table><tr><td>1</td></tr></table>", is_html=True)
        body, _reasons = self._merge(f"<p>{make_field('table')}</p>", {"table": table})
        self.assertNotIn("<p>", body)
        self.assertIn("<td>1</td>", body)

    def test_without_a_value_the_default_stands(self):
        body, reasons = self._merge(make_field("a", default="you <all>"), {})
        self.assertIn("you &lt;all&gt;", body)
        self.assertFalse(reasons)

    def test_a_required_field_without_a_value_is_a_reason(self):
        _body, reasons = self._merge(make_field("a", "First Name", required="1"), {})
        self.assertEqual(reasons, ["First Name"])

    def test_a_value_that_may_not_be_read_is_a_reason_but_for_a_default(self):
        values = {"a": Value(reason="You may not")}
        self.assertEqual(self._merge(make_field("a"), values)[1], ["You may not"])
        self.assertFalse(self._merge(make_field("a", default="x"), values)[1])

    def test_conditions(self):
        for operator, value, text, stands in (
            ("filled", "", "Acme", True),
            ("filled", "", " ", False),
            ("empty", "", "", True),
            ("empty", "", "Acme", False),
            ("equals", "acme ", "ACME", True),
            ("equals", "acme", "Bcme", False),
            ("differs", "acme", "Bcme", True),
            ("nonsense", "", "Acme", True),
        ):
            block = make_condition("a", "<p>Here</p>", operator=operator, value=value)
            body, _reasons = self._merge(f"<p>x</p>{block}", {"a": Value(text)})
            self.assertEqual("Here" in body, stands, (operator, text))
            self.assertNotIn("data-embedded", body)

    def test_conditions_within_conditions(self):
        inner = make_condition("b", "<p>Inner</p>")
        outer = make_condition("a", f"<p>Outer</p>{inner}")
        body, _reasons = self._merge(outer, {"a": Value("1"), "b": Value()})
        self.assertIn("Outer", body)
        self.assertNotIn("Inner", body)
        body, _reasons = self._merge(outer, {"a": Value(), "b": Value("1")})
        self.assertEqual(body, "")

    def test_a_field_that_is_left_out_is_no_reason(self):
        block = make_condition("a", make_field("b", required="1"))
        self.assertFalse(self._merge(block, {})[1])

    def test_keys_are_found_and_broken_marks_ask_for_nothing(self):
        broken = '<span data-embedded="letter-field" data-embedded-props="[1">x</span>'
        text = make_field("a") + make_condition("b", make_field("c")) + broken
        self.assertEqual(get_keys(parse(text)), {"a", "b", "c"})
        for props in ("null", "[]", "7", '"x"', "[" * 2000):
            marked = broken.replace("[1", props.replace('"', "&quot;"))
            self.assertEqual(get_keys(parse(marked)), set())

    def test_nothing_that_loads_anything_stays(self):
        for hostile in (
            '<img src="file:///etc/passwd">',
            '<img src="http://evil.example/x.png">',
            '<img src="//evil.example/x.png">',
            '<img src="/etc/passwd">',
            '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
            '<img src="data:text/html,x">',
            f'<img srcset="http://evil.example/x 2x" src="{PIXEL}">',
            '<p style="background:url(http://evil.example/x)">x</p>',
            '<p style="background:u\\72l(file:///etc/passwd)">x</p>',
            "<p style=\"list-style:/**/url/**/('//evil.example')\">x</p>",
            "<p style=\"background-image:image-set('http://evil.example' 1x)\">x</p>",
            '<table background="http://evil.example/x"><tr><td>x</td></tr></table>',
            '<iframe src="file:///etc/passwd"></iframe>',
            '<object data="file:///etc/passwd"></object>',
            '<embed src="file:///etc/passwd">',
            '<link rel="stylesheet" href="http://evil.example/x.css">',
            '<style>@import "http://evil.example/x.css";</style>',
            '<svg><image href="file:///etc/passwd"/><use xlink:href="//evil"/></svg>',
            '<video poster="http://evil.example"><source src="//evil.example"></video>',
            '<meta http-equiv="refresh" content="0;url=file:///etc/passwd">',
            '<base href="http://evil.example/">',
            '<script>location="file:///etc/passwd"</script>',
            '<p onclick="x()" data-x="http://evil.example">x</p>',
            '<form action="http://evil.example"><input src="//evil.example"></form>',
            '<a href="file:///etc/passwd">x</a><a href="javascript:x()">y</a>',
            '<!--[if IE]><img src="http://evil.example"><![endif]-->',
            "<math><mtext href='http://evil.example'>x</mtext></math>",
            "<?php echo file('http://evil.example') ?>",
        ):
            root = parse(f"<div>before {hostile} after</div>")
            make_safe(root, lambda _address: "")
            body = write(root)
            for word in ("evil", "passwd", "url", "import", "script", "onclick"):
                self.assertNotIn(word, body, hostile)
            self.assertIn("before", body)
            self.assertIn("after", body)

    def test_what_is_harmless_stays(self):
        text = (
            '<h2 style="color:rgb(1, 2, 3);text-align:center">A</h2><p><b>b</b>'
            f'<a href="https://ok.example">link</a></p><img src="{PIXEL}" alt="x">'
        )
        root = parse(text)
        make_safe(root, lambda _address: "")
        self.assertEqual(write(root), text)

    def test_pictures_of_odoo_are_put_in(self):
        root = parse('<img src="/web/image/7">')
        make_safe(root, lambda address: PIXEL if address == "/web/image/7" else "")
        self.assertIn(PIXEL, write(root))

    def test_a_style_keeps_its_place(self):
        self.assertEqual(
            clean_style(
                "position:fixed;top:0;color:red;;z-index:9;x;width:expression(1)"
            ),
            "top:0;color:red",
        )

    def test_only_pictures_are_pictures(self):
        drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        for content in (b64encode(drawing), b"", False, b"12.34 Kb", b"x"):
            self.assertFalse(make_picture(content), content)
        image = b64encode(b"GIF89a" + b"\x01" * 30)
        self.assertIn("image/gif", make_picture(image))

    def test_any_text_is_read(self):
        for text in (
            "",
            "<html><!-- x --><frameset></frameset></html>",
            "<!doctype html><!-- x --><body>a</body><body>b</body>",
            '<?xml version="1.0" encoding="utf-8"?><p>x</p>',
            "</div></body></html>",
            "<body onload='x()'>",
        ):
            root = parse(text)
            merge(root, lambda _key: Value())
            make_safe(root, lambda _address: "")
            self.assertNotRegex(write(root), "html|frame|xml|onload")

    def test_what_a_value_says_is_no_field(self):
        value = Value(make_field("b") + make_condition("b", "<p>c</p>"), is_html=True)
        body, _reasons = self._merge(make_field("a"), {"a": value, "b": Value("no")})
        self.assertNotIn("data-embedded", body)
        self.assertIn("<p>c</p>", body)

    def test_salutations(self):
        self.assertEqual(get_salutation("en_US", "Jane Doe", True), "Dear Jane Doe,")
        self.assertEqual(get_salutation("en_US", "Jane Doe", False), "Hi Jane,")
        self.assertEqual(get_salutation("en_US", "", True), "Dear Sir or Madam,")
        self.assertEqual(get_salutation("de_CH", "Jane Doe", False), "Hallo Jane,")
        self.assertEqual(
            get_salutation("de_DE", "", True), "Sehr geehrte Damen und Herren,"
        )
        self.assertEqual(get_salutation("xx_XX", "Jane Doe", True), "Dear Jane Doe,")

    def test_first_names(self):
        for name, lang, first in (
            ("Jane Doe", "en_US", "Jane"),
            ("Doe, Jane", "en_US", "Jane"),
            ("Cher", "en_US", ""),
            ("", "en_US", ""),
            ("Nagy Anna", "hu_HU", "Anna"),
        ):
            self.assertEqual(get_first_name(name, lang), first, name)

    def test_arabic_words_are_boxes_in_the_order_in_which_they_are_read(self):
        root = parse("A مرحبا بكم، <b>شكرا</b> (5). B")
        keep_together(root)
        box = '<span class="o_letter_word">%s</span>'
        phrase = f'<span dir="rtl">{box % "مرحبا"} {box % "بكم"}</span>'
        thanks = f'<b><span dir="rtl">{box % "شكرا"}</span></b>'
        self.assertEqual(write(root), f"A {phrase}، {thanks} (5). B")

    def test_words_of_other_alphabets_stay_as_they_are(self):
        for text in ("Plain <b>text</b> 5", "שלום רב", "山田 김철수", "😀 ١٢"):
            root = parse(text)
            keep_together(root)
            self.assertEqual(write(root), text)

    def test_an_address_has_its_place_in_windows_and_on_envelopes(self):
        self.assertIsNone(get_address_place("a4", "none"))
        self.assertEqual(get_address_place("a4", "din5008_b").top, 62.7)
        for name in ENVELOPES:
            place, paper = get_address_place(name, "none"), PAPERS[name]
            self.assertLess(place.left + place.width, paper.width)
            self.assertLess(place.top + place.height, paper.height)
