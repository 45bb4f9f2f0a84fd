"""What happens around every request: the clock, language, the acting post, the content security policy, refusals."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.clock import reading_once
from zhubao.access.models import Post, User
from zhubao.access.selectors import open_posts_of
from zhubao.people.models import CitizenAccount, Person
from zhubao.people.selectors import account_of
from zhubao.workflow import CITIZEN

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


class CitizenRequest(HttpRequest):
    """A request of a citizen in their own affairs: what a view behind `posts.for_citizens` receives.

    `now` is the moment the request is answered at; every action of one request takes the same.
    """

    user: User
    person: Person
    actor: Actor
    now: datetime


def moment(answer: Answer) -> Answer:
    """Ask what the installation is, and what its clock shows, at most once a request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with reading_once():
            return answer(request)

    return middleware


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
    """Put the acting post, or the person in their own affairs, and the actor on the request: what was chosen, or all there is.

    `post` and `person` are None when nobody acts; `account` is the citizen's account, also of somebody acting at a post.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.post = request.actor = request.person = request.account = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            assert isinstance(request.user, User)
            posts, account = open_posts_of(request.user), account_of(request.user)
            request.posts, request.account = posts, account  # type: ignore[attr-defined]
            chosen = request.session.get(POST_KEY)
            alone = posts[0] if len(posts) == 1 and account is None else None
            here = next((one for one in posts if one.pk == chosen), alone)
            if account is not None and (chosen == CITIZEN or not posts):
                request.person, request.actor = account.person, citizen(account)  # type: ignore[attr-defined]
            elif here:
                request.post, request.actor = here, here.actor()  # type: ignore[attr-defined]
        return answer(request)

    return middleware


def citizen(account: CitizenAccount) -> Actor:
    """Return the holder of an account as the one who acts, in their own affairs only."""
    person = account.person
    return Actor(person.name, person.region_code, role=CITIZEN, user_id=account.user_id, person_id=person.pk)


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
