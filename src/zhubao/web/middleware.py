"""What happens around every request: language, the acting post, the content security policy, refusals."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Post, User
from zhubao.access.selectors import open_posts_of

Answer = Callable[[HttpRequest], HttpResponseBase]
POST_KEY = "post"
POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


class PostRequest(HttpRequest):
    """A request of somebody signed in and acting at a post: what a view behind `posts.for_posts` receives."""

    user: User
    post: Post
    actor: Actor


def content_security_policy(answer: Answer) -> Answer:
    """Let pages load nothing but our own files, and run no script written into a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def language(answer: Answer) -> Answer:
    """Speak the language of the cookie, else Chinese: a browser's own preference is often left at English by accident."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(asked if asked in known else settings.LANGUAGE_CODE):
            response = answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    return middleware


def post(answer: Answer) -> Answer:
    """Put the acting post and the actor on the request: the chosen one, or the only one; None when nobody acts."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.post = request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            assert isinstance(request.user, User)
            posts = list(open_posts_of(request.user))
            chosen = request.session.get(POST_KEY)
            here = next((one for one in posts if one.pk == chosen), posts[0] if len(posts) == 1 else None)
            request.posts = posts  # type: ignore[attr-defined]
            if here:
                request.post, request.actor = here, here.actor()  # type: ignore[attr-defined]
        return answer(request)

    return middleware


class refusals:  # noqa: N801 - listed among the middlewares like the functions above
    """Answer what lies outside a post's scope with the page that says so, and htmx sign-in redirects with a whole page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; a partial request that must sign in reloads the whole page instead."""
        response = self.answer(request)
        if response.status_code == 302 and getattr(request, "htmx", False) and not request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Turn a refusal of scope into the page 403."""
        if isinstance(error, OutOfScope):
            from .refusals import forbidden

            return forbidden(request, error)
        return None
