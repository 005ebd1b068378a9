"""Whether the process is up, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter

from api.params import House
from api.wire import Json, State, answer

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="get_health", responses={200: answer("State", State(status="up"))})
def get_health() -> Json:
    """Say that the process is up."""
    return Json(State(status="up"))


@router.get("/readyz", operation_id="get_readiness", responses={200: answer("State", State(status="ready"))})
def get_readiness(house: House) -> Json:
    """Say whether the database answers and the models are read; a problem says what is missing."""
    house.check()
    return Json(State(status="ready"))
