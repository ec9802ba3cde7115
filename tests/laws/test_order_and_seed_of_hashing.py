"""The start order of processes, the process it runs in and the hash seed cannot be noticed."""

import os
import subprocess
import sys
from random import Random

from support.lives import AI, lived, named

from narrative.story.cast import parts

CODE = """
from support.lives import lived, named
print(lived(named("ai-2025")).head("main").digest.hex())
"""


def digest_in_a_new_process(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_rerun_is_the_same_in_a_new_process_with_another_hash_seed() -> None:
    here = lived(named(AI)).head("main").digest.hex()
    assert digest_in_a_new_process("1") == here
    assert digest_in_a_new_process("4242") == here


def test_the_start_order_of_processes_does_not_matter() -> None:
    story = named(AI)
    usual = parts(story, "market")
    digests = {lived(story).head("main").digest}
    for seed in range(3):
        shuffled = list(usual)
        Random(seed).shuffle(shuffled)
        digests.add(lived(story, parts=shuffled).head("main").digest)
    digests.add(lived(story, parts=usual[::-1]).head("main").digest)
    assert len(digests) == 1
