"""HTTP for managers: whom the school's mails go to; and for anybody: the page that a mailed link opens (R10)."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.api.bodies.acts import NotifiedBody
from schoolsms.api.http import Request, Response, html_response, json_response, serve
from schoolsms.api.routes import ANYBODY, MANAGER, File, Route
from schoolsms.api.views.schools.notified import (
    changed_notified_view,
    confirmed_page,
    link_ended_page,
    notified_view,
    to_confirm_page,
)
from schoolsms.domain.errors import NotFoundError

PAGE = File(("text/html",))


def get_notified(request: Request) -> Response:
    return json_response(200, notified_view(bootstrap.keep_notified().show(request.caller)))


def put_notified(request: Request, body: NotifiedBody) -> Response:
    return json_response(200, changed_notified_view(bootstrap.keep_notified().change(request.caller, body.addresses)))


def ask_to_confirm(request: Request) -> Response:
    try:
        school = bootstrap.keep_notified().school_of(request.path["token"])
    except NotFoundError:
        return html_response(410, link_ended_page())
    return html_response(200, to_confirm_page(school.name))


def confirm_notified(request: Request) -> Response:
    try:
        school = bootstrap.keep_notified().confirm(request.path["token"])
    except NotFoundError:
        return html_response(410, link_ended_page())
    return html_response(200, confirmed_page(school.name))


ROUTES = (
    Route(
        "GET",
        "/v1/notified",
        MANAGER,
        get_notified,
        "Whom the school's mails go to",
        {200: notified_view},
        (404,),
        about="The registered managers, until a list is kept.",
    ),
    Route(
        "PUT",
        "/v1/notified",
        MANAGER,
        put_notified,
        "Replace that list",
        {200: changed_notified_view},
        (404,),
        body=NotifiedBody,
        about="An address that is no manager's counts once the link mailed to it is followed. "
        "`not_mailed` says which links were not mailed: an address gets 5 a day, a school asks for 30.",
    ),
    Route(
        "GET",
        "/v1/notified/confirmation/{token}",
        ANYBODY,
        ask_to_confirm,
        "The page of a confirmation link",
        {200: PAGE, 410: PAGE},
    ),
    Route(
        "POST",
        "/v1/notified/confirmation/{token}",
        ANYBODY,
        confirm_notified,
        "Confirm an address, by that page",
        {200: PAGE, 410: PAGE},
        takes="application/x-www-form-urlencoded",
    ),
)


def handler(event: dict[str, Any], context: object) -> Response:
    return serve(event, ROUTES, bootstrap.integration_granted)
