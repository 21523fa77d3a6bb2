"""HTTP calls as curl and a browser make them, over real connections."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

#: A call with ``?wait=30`` takes that long, and a little more.
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.text)


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one call; a redirect is an answer like any other."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read().decode())
    finally:
        connection.close()


def post_form(page: Answer, url: str, **filled: str) -> Answer:
    """Fill in the form of a page and send it, as a browser does.

    What the page has in its form is sent along, such as its nonce.
    """
    form = Form(page.text)
    host = urlsplit(url).netloc
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://{host}",
        "Sec-Fetch-Site": "same-origin",
        "User-Agent": "a browser of a test",
    }
    return call("POST", url, urlencode(form.fields | filled).encode(), headers)


class Form(HTMLParser):
    """The form of a page, and what else a test asks of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        #: What is sent when nobody touches anything.
        self.fields: dict[str, str] = {}
        #: The values of the radio buttons.
        self.choices: list[str] = []
        #: Every tag that the page has.
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one element."""
        self.tags.add(tag)
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type")
        if tag == "textarea":
            self.fields[name] = ""
        elif tag == "input" and kind == "radio":
            self.choices.append(given["value"])
            if "checked" in given:
                self.fields[name] = given["value"]
        elif tag == "input":
            self.fields[name] = given.get("value", "")
