"""What the administration says of errors."""

from django.utils.translation import get_language

from zhubao.errors import ZhubaoError


def explained(error: ZhubaoError) -> str:
    """Return what an error says, without its code, in the page's language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return error.message(language).removeprefix(f"{error.code}: ")  # type: ignore[arg-type]
