"""The answers of the verbs, as types: `--json`, its JSON Schema and its documentation come from them."""

from typing import Any

import msgspec

from narrative.verbs.answers.base import Answer
from narrative.verbs.answers.breaking import Fragility
from narrative.verbs.answers.chronicles import Chronicle
from narrative.verbs.answers.claiming import Claims
from narrative.verbs.answers.doubts import Doubt
from narrative.verbs.answers.ensembles import Ensemble
from narrative.verbs.answers.handing import (
    BackedUp,
    Drafted,
    Exported,
    Page,
    Plotted,
    PutBack,
    Quoted,
    Restored,
    Verified,
)
from narrative.verbs.answers.living import Forked, Lived
from narrative.verbs.answers.looking import (
    BranchListed,
    Comparison,
    Diff,
    LoggedEvent,
    Replayed,
    Shown,
)
from narrative.verbs.answers.measures import (
    Circularity,
    Exuberance,
    Injection,
    Leverage,
    LoopGains,
    Output,
    Simulacrum,
)
from narrative.verbs.answers.reasons import Causes, Figure
from narrative.verbs.answers.stories import Begun, Checked, Definition, StoryListed
from narrative.verbs.answers.weighing import Exposed, Fit, Loop, Score, Sectors

# By command: what it answers, one of several kinds, or a list. `log` prints one of them a line.
ANSWERS: dict[str, tuple[Any, ...]] = {
    "stories": (list[StoryListed],),
    "new": (Begun,),
    "check": (Checked,),
    "define": (list[Definition],),
    "schema": (dict[str, dict[str, Any]],),
    "run": (Lived,),
    "resume": (Lived,),
    "what-if": (Forked,),
    "ensemble": (Ensemble,),
    "replay": (Replayed,),
    "log": (LoggedEvent,),
    "branches": (list[BranchListed],),
    "show": (Shown,),
    "why": (Causes, Figure),
    "note": (LoggedEvent,),
    "query": (list[dict[str, Any]],),
    "diff": (Diff,),
    "compare": (Comparison,),
    "tell": (Chronicle,),
    "loop": (Loop,),
    "score": (Score,),
    "fit": (Fit,),
    "doubt": (Doubt,),
    "measure": (Circularity, Output, Injection, Exuberance, LoopGains, Leverage, Simulacrum),
    "exposure": (Exposed,),
    "sectors": (Sectors,),
    "fragility": (Fragility,),
    "claims": (Claims,),
    "page": (Page,),
    "plot": (Plotted,),
    "export": (Exported,),
    "import": (Restored, Drafted, Quoted),
    "verify": (Verified,),
    "backup": (BackedUp,),
    "restore": (PutBack,),
}


def answers_schema() -> dict[str, Any]:
    """JSON Schema of every command's `--json`: a member a command under `properties`, parts under `$defs`."""
    kinds = [kind for several in ANSWERS.values() for kind in several]
    schemas, parts = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    ahead = iter(schemas)
    by_verb = {verb: [next(ahead) for _ in several] for verb, several in ANSWERS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "narrative-engine answers",
        "type": "object",
        "properties": {
            verb: found[0] if len(found) == 1 else {"anyOf": found} for verb, found in by_verb.items()
        },
        "$defs": parts,
    }


__all__ = ["ANSWERS", "Answer", "answers_schema"]
