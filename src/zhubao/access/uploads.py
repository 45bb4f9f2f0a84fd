"""What a scanned paper may be: PDF, JPEG or PNG of at most ten megabytes, known by its first bytes."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

LARGEST_BYTES = 10 * 1024 * 1024
SUFFIXES = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


def suffix_of(content: bytes, name: str) -> str:
    """Return the suffix under which a file is kept, read from its first bytes and not from its name.

    Raise E-ATTACHMENT-EMPTY, E-ATTACHMENT-LARGE above 10 MB, E-ATTACHMENT-TYPE for anything but PDF, JPEG and PNG.
    """
    if not content:
        raise ZhubaoError("E-ATTACHMENT-EMPTY", Text("文件是空的", "the file is empty"), place=name)
    if len(content) > LARGEST_BYTES:
        raise ZhubaoError(
            "E-ATTACHMENT-LARGE",
            Text("文件超过 10 MB", "the file is larger than 10 MB"),
            place=name,
            remedy=Text("请压缩后再传，或到窗口出示原件", "make it smaller, or show the original at the counter"),
        )
    for beginning, suffix in SUFFIXES.items():
        if content.startswith(beginning):
            return suffix
    raise ZhubaoError(
        "E-ATTACHMENT-TYPE",
        Text("只收 PDF、JPG、PNG 文件", "only PDF, JPEG and PNG files are taken"),
        place=name,
        remedy=Text("请拍照或扫描后再传", "take a picture or scan it"),
    )
