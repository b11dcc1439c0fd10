"""Write the memos of the shipped cases anew: ``python reports/build.py``.

Danish in every format, English as HTML and PDF. A test builds them again and compares text and numbers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import soemrisk as sr

HERE = Path(__file__).parent
CASES = ("act-randers", "cti-aarhus")
FORMATS = {"da": ("html", "pdf", "docx", "xlsx"), "en": ("html", "pdf")}


def reports() -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """Yield the files of each case and language."""
    for name in CASES:
        scenario = sr.read(name)
        for lang, formats in FORMATS.items():
            yield name, lang, sr.memo(scenario, lang=lang, formats=formats, threads=os.cpu_count() or 1)


if __name__ == "__main__":
    for case, language, files in reports():
        folder = HERE / case / language
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
