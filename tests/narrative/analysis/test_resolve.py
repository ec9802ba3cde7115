"""What people call an actor or a reading is one thing to every verb."""

import pytest
from attrs import evolve
from support.lives import AI, named

from narrative.analysis.resolve import UnknownName, UnknownReading, actor_named, reading_named


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("oracle", "oracle"), ("Oracle", "oracle"), (" ORACLE ", "oracle"),
        ("Larry Ellison", "larry-ellison"),
        ("larry-ellison", "larry-ellison"), ("openai", "openai"), ("OpenAI", "openai"),
        ("Outside", "outside"),
    ],
)  # fmt: skip  # one list
def test_an_actor_is_called_by_id_or_name_in_either_case(text, actor):
    assert actor_named(named(AI), text, ("outside",)) == actor


def test_a_name_that_two_actors_bear_means_neither():
    told = named(AI)
    twin = evolve(next(actor for actor in told.actors if actor.id == "larry-ellison"), id="twin")
    with pytest.raises(UnknownName, match=r"is the name of larry-ellison, twin\. Say which"):
        actor_named(evolve(told, actors=(*told.actors, twin)), twin.name)
    assert actor_named(evolve(told, actors=(*told.actors, twin)), "twin") == "twin"


@pytest.mark.parametrize(
    ("text", "said"), [("Orcale", 'Did you mean "oracle"?'), ("zzz", "There are: "), ("outside", "no actor")]
)
def test_who_is_nobody_is_answered_with_the_nearest(text, said):
    with pytest.raises(UnknownName, match=said.replace("?", "[?]")):
        actor_named(named(AI), text)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("belief-share", "belief_share"), ("Belief share", "belief_share"), ("ltv", "loan_to_value"),
        ("loan-to-value", "loan_to_value"), ("value", "valuation"), ("cash", "cash"), ("paid", "paid"),
    ],
)  # fmt: skip  # one list
def test_a_reading_is_called_as_people_write_it(text, reading):
    assert reading_named(text) == reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("valuatoin", 'Did you mean "valuation"?'),
        ("zzz", "There are: valuation,"),
        ("observed", "observed.toml"),
        ("circle", "no reading"),
    ],
)
def test_a_reading_that_is_none_is_answered_with_the_nearest(text, said):
    with pytest.raises(UnknownReading) as error:
        reading_named(text)
    assert said in str(error.value)


def test_what_else_can_be_meant_is_said_by_who_asks():
    assert reading_named("Circle", ("circle",)) == "circle"
