"""Whether a secret is in what a program has written, in any of the forms in which text is usually hidden.

    searches = canaries.find(("a key", "a secret"), {"the journal": b"…", "log.db": b"…"})   # AssertionError where there is one
"""

import base64
import urllib.parse


def forms_of(word):
    yield word.encode()
    yield word.encode().hex().encode()
    yield urllib.parse.quote(word, safe="").encode()
    yield "".join(f"%{ord(letter):02x}" for letter in word).encode()
    yield "".join(f"\\u{ord(letter):04x}" for letter in word).encode()
    for shift in range(3):  # the letters of base64 that only the word decides
        letters = base64.b64encode(b"\0" * shift + word.encode() + b"\0" * 3).decode()
        yield letters[-(-shift * 8 // 6) : (shift + len(word)) * 8 // 6].encode()


def find(words, texts, more=()):
    """`texts`: name → bytes, compared without regard to capitals. `more`: other forms to look for. Returns the number of searches."""
    needles = {form.lower() for word in words for form in forms_of(word)} | {form.lower() for form in more}
    for name, data in texts.items():
        small = data.lower()
        for needle in needles:
            at = small.find(needle)
            assert at < 0, f"{name} has {needle.decode()}: …{data[max(0, at - 80) : at + 80]!r}…"
    return len(needles) * len(texts)
