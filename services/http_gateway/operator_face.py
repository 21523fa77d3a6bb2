"""What the two parts of the operator face share: who may use it."""

from flask import Blueprint, request

from .access import judge_operator
from .faults import RefusedError
from .gateway import Face


def guard(views: Blueprint, face: Face) -> None:
    """Let nobody into these views whom `access` refuses."""

    def check() -> None:
        refusal = judge_operator(
            request.headers,
            face.api_keys,
            loopback=face.loopback,
            public_url=face.public_url,
        )
        if refusal:
            raise RefusedError(refusal)

    views.before_request(check)
