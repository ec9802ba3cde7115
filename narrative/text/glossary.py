"""The words of the screens, each defined once in plain sentences: what `define`, the page and legends say."""

from difflib import get_close_matches

from events.errors import Wrong
from narrative.text.numbers import short
from narrative.text.weighing_words import WEIGHING_WORDS
from narrative.text.word import Word

NEAR = 3  # words offered for one that is not known


class UnknownWord(Wrong):
    """A word that no screen uses, or none that is defined."""


WORDS = (
    Word(
        "belief",
        "How much of a price rests on what is expected and not on what was paid or delivered. There is "
        "no one number for it: screens print three definitions, each as a span from its least to its "
        "greatest, with what bounds it. Beside them stands the belief share, a figure in the model's own "
        "terms, which counts told news alone.",
        also=("belief spans", "spans"),
        see=("announced belief", "above paid results", "growth not yet earned", "belief share"),
    ),
    Word(
        "announced belief",
        "The part of a value that told news made and nothing has delivered yet. Its least counts of each "
        "piece of news the smaller of the model's step and the move of the price beside it, faded, less "
        "what paid revenue grew by since; its greatest counts the whole move of the price on each, kept "
        "for ever.",
        also=("announced, not yet delivered", "announced, not delivered"),
        see=("belief", "announced", "told"),
    ),
    Word(
        "above paid results",
        "The part of a value by which it rose further, since the story opens, than what the company has "
        "reported of four quarters: revenue, operating income, net income, each where it is above zero "
        "then and now. The least and the greatest over the three are the span. Below zero, results outran "
        "the price.",
        also=("above results", "above_results"),
        see=("belief", "result"),
    ),
    Word(
        "growth not yet earned",
        "The part of a value that today's earnings, kept for ever, do not carry: one less earnings over "
        "the required return times the value (in studies, the present value of growth opportunities). "
        "Earnings are the greater of net income and 0.83 times operating income; the required return is 7 "
        "% a year at the least end of the span and 11 % at the greatest. All of the value where nothing "
        "is earned.",
        also=("growth",),
        see=("belief", "result"),
    ),
    Word(
        "belief share",
        "Belief in the model's own terms: the part of a value that is what told news moved and has not "
        "faded. It is one number because it comes out of the model's equation, and it says nothing of "
        "what prices did without news.",
        also=("belief_share", "news"),
        see=("belief", "told", "faded"),
    ),
    Word(
        "rung",
        "One of four stages that a sum may have reached: announced, committed, paid, delivered. They are "
        "looked at side by side and never added up, since a sum that is delivered was announced before.",
        also=("rungs", "funnel"),
        see=("announced", "committed", "paid", "delivered"),
    ),
    Word(
        "announced",
        "The first rung: somebody said that a sum would be spent, lent or ordered, and nobody is bound to "
        "it.",
        see=("rung", "announced belief"),
    ),
    Word(
        "committed",
        "The second rung: a contract binds somebody to a sum, and it is not paid yet.",
        also=("commitment",),
        see=("rung",),
    ),
    Word(
        "paid",
        "The third rung: money changed hands on what was ordered or told: payments that settle an order or "
        "that a source tells of, and money put into companies for shares. What is paid of business of which "
        "nobody promised anything is business as usual, and stands apart.",
        see=("rung", "business as usual"),
    ),
    Word(
        "business as usual",
        "Payments that settle no order and that no source tells of: the costs of a company, and what "
        "customers outside pay it for business that the story does not tell. They stand on no rung, and so "
        "does what customers outside pay for use of what was delivered.",
        also=("usual", "as usual"),
        see=("paid",),
    ),
    Word(
        "delivered",
        "The fourth rung: what was ordered was handed over. It is the only one that is output.",
        also=("delivery",),
        see=("rung",),
    ),
    Word(
        "origin",
        "Where an event comes from: ● recorded, ◆ modelled or ▲ supposed. Every event has one, and every "
        "figure can be followed back to events.",
        also=("origins", "marks"),
        see=("recorded", "modelled", "supposed"),
    ),
    Word(
        "recorded",
        "● Told by the timeline, with its source.",
        see=("origin", "record"),
    ),
    Word(
        "modelled",
        "◆ Decided by a process of the model, and told by nobody.",
        also=("modeled",),
        see=("origin",),
    ),
    Word(
        "supposed",
        "▲ Added, changed or taken away by a what-if: it holds in a branch and not in the record.",
        see=("origin",),
    ),
    Word(
        "record",
        "Prices and results up to the day that a story names: every process sees them, and what a screen "
        "shows of them is no achievement of the model. What came later is the judge, which no process "
        "sees.",
        also=("judge",),
        see=("close", "result", "observed"),
    ),
    Word(
        "close",
        "What a market paid for a share at the end of a session, as the record has it. From a close to "
        "the next a value moves on news alone.",
        also=("quote", "quotes"),
        see=("record", "residual"),
    ),
    Word(
        "result",
        "What a company reported of a quarter, on the day it was published; four quarters are added up.",
        also=("results", "paid results"),
        see=("record", "above paid results"),
    ),
    Word(
        "observed",
        "What markets did, where the story does not have it as record: it stands beside the model's "
        "figure and no process sees it.",
        also=("observation", "no observation"),
        see=("record",),
    ),
    Word(
        "residual",
        "The gap between a close on record and what news, policy, money and trades had made of the value "
        "until then. It is an event of its own and falls into three parts: market, sector and own.",
        also=("gap",),
        see=("market", "sector", "own", "end"),
    ),
    Word(
        "told",
        "The part of a rise by which the market of the model moved a value when it read news, less what "
        "has faded of that since.",
        also=("told move",),
        see=("faded", "residual"),
    ),
    Word(
        "faded",
        "What has gone, by now, of what told news moved: belief wears off by half-lives.",
        see=("told",),
    ),
    Word(
        "flow",
        "The part of a rise that trades moved and that is still in the price.",
        also=("trades",),
        see=("told",),
    ),
    Word(
        "policy",
        "The part of a rise that surprises of the central bank moved. An expected change of a rate moves "
        "nothing.",
        see=("liquidity",),
    ),
    Word(
        "liquidity",
        "The part of a rise that money added to markets moved.",
        see=("policy",),
    ),
    Word(
        "market",
        "The part of a rise beyond the news that goes with a wide index: an asset's beta times the "
        "index's move.",
        also=("market part",),
        see=("residual", "sector", "own"),
    ),
    Word(
        "sector",
        "The part of a rise beyond the news that the story's companies have in common once the market's "
        "part is taken away. It has no cause on record.",
        also=("sector part",),
        see=("residual", "market", "own"),
    ),
    Word(
        "own",
        "The part of a rise that is one company's alone and that nothing on record explains. Some "
        "companies' own parts undo others', so both sums are said.",
        also=("unexplained", "own part"),
        see=("residual", "market", "sector"),
    ),
    Word(
        "issued",
        "What new shares added to a company's value, or shares bought back took from it. It is no gain: "
        "gains are counted at constant shares.",
        also=("issue", "shares issued"),
        see=("told",),
    ),
    Word(
        "end",
        "One of two ways to read what news does not explain in a branch. At one end it would have come "
        "whatever else happened, and the branch keeps it; at the other each company's own part belonged "
        "to what was taken away, and nothing of it is kept. Which is nearer is not known, so neither "
        "figure stands alone.",
        also=("ends", "residual_own", "kept"),
        see=("residual", "branch"),
    ),
    Word(
        "collateral",
        "Shares pledged for a loan, at their price now. A part of their worth is belief, and goes when "
        "belief does.",
        also=("pledge", "pledged"),
        see=("loan-to-value", "call"),
    ),
    Word(
        "loan-to-value",
        "What is lent on pledged shares, as a part of what they are worth now.",
        also=("ltv", "loan to value", "loan/v", "loan/value", "loan/v."),
        see=("collateral", "call"),
    ),
    Word(
        "call",
        "A lender's demand for more collateral or less loan, where the loan-to-value passes its limit. "
        "Unmet, shares are sold.",
        also=("margin call",),
        see=("collateral",),
    ),
    Word(
        "short sale",
        "Shares sold that were borrowed, to be bought back and returned later: it gains by a fall. More cash "
        "than they are worth is left with the lender as a margin; once a rise has used it up, shares are "
        "bought back at once, which presses the price up further.",
        also=("short", "short selling", "squeeze", "borrowed shares"),
        see=("call",),
    ),
    Word(
        "backlog",
        "Orders that are committed and not delivered yet. What a company reports of it and what the "
        "orders told make of it are two figures.",
        see=("committed", "delivered"),
    ),
    Word(
        "circle",
        "The steps by which, as the story has it, an announcement becomes the money for the next one. A "
        "turn is looked for in the log and never assumed; it is closed in cash where every step was paid, "
        "in order.",
        also=("turn", "loop"),
        see=("rung",),
    ),
    Word(
        "branch",
        "A history that shares its past with another up to a fork, and supposes something from there on.",
        also=("fork", "what-if", "supposition"),
        see=("end", "supposed"),
    ),
    Word(
        "confidence",
        "How sure a story is of an entry: high, medium or low, or that it is an assumption. Beside it stands "
        "the rank of its source, which nobody writes down: it is read off the words that name it.",
        see=("rank",),
    ),
    Word(
        "rank",
        "How near a source is to the deed, by the words that name it: a filing before a company's own "
        "word, that before an agency or a paper, that before a page that sums up others (an aggregator), "
        "that before memory. `check --sources` lists what rests on the last two.",
        also=("source", "filing", "company", "agency", "aggregator", "memory"),
        see=("confidence",),
    ),
    Word(
        "moment",
        "A whole second, and everything that happens in it: all of it is kept, or nothing.",
        also=("position",),
        see=("digest",),
    ),
    Word(
        "digest",
        "A number that is made of every byte of a history in order. Two histories with one digest are the "
        "same.",
        see=("moment",),
    ),
    *WEIGHING_WORDS,
)


def defined(word: str) -> Word:
    """The word of that name, or of which it is another name; case, hyphens and underscores do not matter.
    Raises UnknownWord with the closest ones.
    """
    asked = _plain(word)
    for one in WORDS:
        if asked in {_plain(name) for name in (one.word, *one.also)}:
            return one
    known = {_plain(name): name for one in WORDS for name in (one.word, *one.also)}
    near = [known[name] for name in get_close_matches(asked, known, NEAR)]
    hint = (
        f"The closest words are: {', '.join(near)}." if near else "`narrative define` lists those there are."
    )
    raise UnknownWord(f'"{short(word)}" is no word of the screens. {hint}')


def _plain(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").replace("_", " ").split())


def legend(word: str) -> str:
    """The first sentence of a definition without mark and full stop, as legends have it after a colon.

    >>> legend("recorded")
    'told by the timeline, with its source'
    """
    first = defined(word).says.partition(". ")[0].lstrip("●◆▲ ").rstrip(".")
    return first[:1].lower() + first[1:]
