"""A request as the what-ifs file that asks the same."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomlkit

from narrative.whatif.request import KEYS, Request


def written(asked: Request, question: str) -> str:
    """The text of a what-ifs file that supposes what a request does, its shocks spelt out."""
    found: dict[str, Any] = {"question": question}
    for page in asked.pages:
        for key, value in page.data.items():
            if isinstance(value, list):
                found[key] = [*found.get(key, []), *value]
            elif isinstance(value, Mapping):
                found[key] = {**found.get(key, {}), **value}
            elif key != "question":
                found[key] = value
    if asked.at is not None:
        found["at"] = asked.at.value
    lists_first = [key for key in KEYS if key != "shock" and found.get(key) not in (None, [], {})]
    return tomlkit.dumps({key: _plain(found[key]) for key in lists_first})


def _plain(value: Any) -> Any:
    """A value as a TOML writer takes it: what is no whole number by its digits."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else tomlkit.value(f"{value.normalize():f}")
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
