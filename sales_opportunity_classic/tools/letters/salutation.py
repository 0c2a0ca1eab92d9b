"""How a letter begins, in the language of whom it is for."""

# language: to a person by name, to nobody in particular, to a person by first name
SALUTATIONS = {
    "cs": ("Vážená paní, vážený pane {name},", "Dobrý den,", "Ahoj {first},"),
    "da": ("Kære {name},", "Til rette vedkommende,", "Hej {first},"),
    "de": ("Guten Tag {name},", "Sehr geehrte Damen und Herren,", "Hallo {first},"),
    "en": ("Dear {name},", "Dear Sir or Madam,", "Hi {first},"),
    "es": ("Estimado/a {name}:", "A quien corresponda:", "Hola, {first}:"),
    "fi": ("Hyvä {name},", "Hyvä vastaanottaja,", "Hei {first},"),
    "fr": ("Bonjour {name},", "Madame, Monsieur,", "Bonjour {first},"),
    "it": ("Gentile {name},", "Spettabile ditta,", "Ciao {first},"),
    "nb": ("Kjære {name},", "Til den det måtte angå,", "Hei {first},"),
    "nl": ("Geachte {name},", "Geachte heer, mevrouw,", "Beste {first},"),
    "pl": ("Dzień dobry {name},", "Szanowni Państwo,", "Cześć {first},"),
    "pt": ("Caro/a {name},", "Exmos. Senhores,", "Olá {first},"),
    "ro": ("Bună ziua {name},", "Stimată doamnă, stimate domn,", "Bună {first},"),
    "sv": ("Hej {name},", "Till den det berör,", "Hej {first},"),
    "ar": ("السيد/السيدة {name}،", "تحية طيبة وبعد،", "مرحباً {first}،"),
    "he": ("{name} שלום,", "לכל המעוניין,", "היי {first},"),
    "ja": ("{name} 様", "ご担当者様", "{first} さん"),
    "zh": ("尊敬的 {name}：", "尊敬的先生/女士：", "{first}，您好："),
}
# Families come first there, so what is written last is the first name.
FAMILY_FIRST = ("hu", "ja", "ko", "vi", "zh")


def get_salutation(lang, name, is_formal):
    """Return the first line of a letter in a language, such as ``de_CH``.

    :param name: the person's name, empty for a company
    """
    formal, nobody, informal = SALUTATIONS.get(lang[:2], SALUTATIONS["en"])
    first = get_first_name(name, lang)
    if not name or not (is_formal or first):
        return (formal if name else nobody).format(name=name)
    return formal.format(name=name) if is_formal else informal.format(first=first)


def get_first_name(name, lang=""):
    """Return the first name in a full one; nothing where it cannot be told."""
    family, comma, given = name.partition(",")
    if comma:
        return given.strip()
    words = family.split()
    if len(words) < 2:
        return ""
    return words[-1] if lang[:2] in FAMILY_FIRST else words[0]
