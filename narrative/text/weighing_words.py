"""The words of measures and of all that weighs: what `measure`, `ensemble`, `fragility`, `doubt` and `claims`
say, each defined once.
"""

from narrative.text.word import Word

WEIGHING_WORDS = (
    Word(
        "circularity",
        "How much of what named parties promise, owe or pay each other could be the same money going "
        "round: the largest part of all sums that leaves every party with as much as it had.",
        also=("goes round", "circulation", "circular"),
        see=("ring", "self-financed", "by chance", "rung"),
    ),
    Word(
        "ring",
        "Parties of which each pays the next and the last the first, with the least of those sums. A joint "
        "of it is tied where a cause or a link that a source draws joins the two sums; elsewhere they only "
        "share a party.",
        also=("rings", "tied"),
        see=("circularity", "circle"),
    ),
    Word(
        "self-financed",
        "The most of a seller's sales that its own stakes and loans could have paid, directly or through "
        "others. It is an upper end, since money has no name.",
        also=("net of circular",),
        see=("circularity", "output"),
    ),
    Word(
        "by chance",
        "What random rewirings of the same sums give, or random walks: a figure says something where it "
        "lies beyond nearly all of them.",
        also=("rewiring", "rewirings", "95 % line"),
        see=("circularity", "exuberance"),
    ),
    Word(
        "output",
        "What came of what was said: deliveries, and what customers outside pay for the use of them. Sums "
        "that named parties pay each other are none.",
        also=("sales outside", "net of undelivered"),
        see=("delivered", "simulacrum"),
    ),
    Word(
        "injection",
        "The purchase of shares that would have lifted a price as much as news did. No money is put in by "
        "an announcement: it is a comparison, over the range of the multiplier.",
        also=("as if bought",),
        see=("multiplier",),
    ),
    Word(
        "multiplier",
        "By how much a value moves, in per cent, when one per cent of it is bought.",
        also=("impact",),
        see=("injection", "flow"),
    ),
    Word(
        "exuberance",
        "Whether a price grew faster and faster: the largest statistic of any window of it (GSADF), beside "
        "those of random walks. Collapses are flagged too, and only episodes in which it rose are called "
        "rising.",
        also=("gsadf", "episode", "episodes"),
        see=("by chance",),
    ),
    Word(
        "gains",
        "How much of a rise or a fall comes back to where it began: up, the dollars that are announced for "
        "an announced dollar; down, the part of a small fall that forced sales bring back. Above 1 a loop "
        "feeds itself.",
        also=("gain", "loop gain", "loop gains", "up", "down"),
        see=("leverage", "collateral"),
    ),
    Word(
        "leverage",
        "What is pledged over what of it is not owed: 2 where half of it is owed. Anew it is that of what a "
        "lender would lend today. Where more is owed than what is pledged is worth there is none.",
        also=("anew",),
        see=("loan-to-value", "amplification", "benchmark"),
    ),
    Word(
        "amplification",
        "How many times as deep a price falls as news alone would make it, in ln. Of a history both ends "
        "are said: without what nothing explains of quotes, and with it.",
        also=("times as deep",),
        see=("leverage", "residual"),
    ),
    Word(
        "benchmark",
        "The leverage cycle of a paper (Geanakoplos 2009), in which buyers of unlike hope borrow against an "
        "asset: a price with credit and without, and before bad news and after. It is a yardstick, and no "
        "estimate.",
        also=("leverage cycle", "marginal buyer", "payoff"),
        see=("leverage",),
    ),
    Word(
        "simulacrum",
        "The parts of what listed companies gained that narratives, the central bank, algorithms and output "
        "made: what each adds when it is switched on, on average over all orders in which they could be.",
        also=("shapley", "narratives", "central bank", "algorithms"),
        see=("output", "rest"),
    ),
    Word(
        "rest",
        "What is gained with narratives, the central bank, algorithms and output all switched off: shares "
        "sold for money, companies listed later, and of recorded prices what news does not explain.",
        see=("simulacrum", "residual"),
    ),
    Word(
        "exposure",
        "What an actor would lose with another: what it lent, holds, has ordered and was promised, by rung "
        "and never added up.",
        also=("exposed", "debtrank"),
        see=("rung", "buffer"),
    ),
    Word(
        "buffer",
        "What an actor can lose before it has nothing: its market value, or what it holds and lent less what "
        "it owes.",
        see=("exposure",),
    ),
    Word(
        "seed",
        "The number that chance is drawn from. Two histories with one seed meet the same chance wherever "
        "they ask the same question.",
        also=("seeds", "chance"),
        see=("ensemble", "inside chance"),
    ),
    Word(
        "ensemble",
        "Many tails of one history, lived from the same moment on: each with a seed of its own, with what "
        "is supposed and without it.",
        also=("member", "members", "arm", "arms", "tail", "tails", "pair", "pairs"),
        see=("seed", "range", "interval"),
    ),
    Word(
        "range",
        "The least and the greatest that a parameter may be, as the story declares it. A draw is one value "
        "of each, spread evenly over all ranges.",
        also=("ranges", "draw", "draws"),
        see=("ensemble", "interval"),
    ),
    Word(
        "interval",
        "From where to where a figure lies, at 95 %. Over chance it is that of the mean over seeds; over "
        "ranges too, it holds what the assumptions may do. [–, –] is that of a single seed, which bounds "
        "nothing.",
        also=("95 % interval", "intervals"),
        see=("inside chance", "range"),
    ),
    Word(
        "inside chance",
        "Said of a difference whose interval holds nothing: it may be no more than another seed would make.",
        also=("inside",),
        see=("interval", "seed"),
    ),
    Word(
        "collapse",
        "What a story says a collapse is: a fall of so much within so many days, or somebody's default.",
        also=("collapses", "collapsed"),
        see=("fragility", "hysteresis"),
    ),
    Word(
        "fragility",
        "The least size of a shock after which a history collapses, seed by seed. Where nothing breaks it, "
        "the screen says how near it came.",
        also=("breaks", "shock"),
        see=("collapse", "basin", "hysteresis", "plausible"),
    ),
    Word(
        "plausible",
        "The largest size of a kind of shock that is taken to be plausible.",
        also=("plausible size",),
        see=("fragility", "basin"),
    ),
    Word(
        "basin",
        "The part of the sizes of a shock, up to the plausible one and all alike likely, that break nothing.",
        see=("fragility", "plausible"),
    ),
    Word(
        "hysteresis",
        "That a shock which is taken back leaves its damage: it breaks at one size, and is survived, once it "
        "is taken back, only up to a smaller one.",
        see=("fragility", "collapse"),
    ),
    Word(
        "placebo",
        "Done in the place of a thing, to see what of its effect is its own: for a broken link, a fall of "
        "its two ends by as much as they lose without it.",
        see=("fragility",),
    ),
    Word(
        "tornado",
        "Bars that show how far a figure goes as each assumption alone is moved to both ends of its range, "
        "what moves it most first.",
        also=("swing", "flips", "flips it", "morris", "sobol"),
        see=("range",),
    ),
    Word(
        "verdict",
        "What is computed of a claim, and written by nobody: holds, fails, undecided, untested, or refuted "
        "as worded.",
        also=("claim", "claims"),
        see=("holds", "fails", "undecided", "untested", "refuted as worded"),
    ),
    Word(
        "holds",
        "The whole interval of a claim's figure lies beyond its threshold.",
        see=("verdict", "interval"),
    ),
    Word(
        "fails",
        "The whole interval of a claim's figure lies on the other side of its threshold; of an effect, it is "
        "surely less than a fiftieth.",
        see=("verdict", "interval"),
    ),
    Word(
        "undecided",
        "The interval of a claim's figure lies on both sides of its threshold.",
        see=("verdict", "interval"),
    ),
    Word(
        "untested",
        "The history lacks what it takes to judge a claim, as results, a central bank, or everybody playing.",
        see=("verdict",),
    ),
    Word(
        "refuted as worded",
        "The books settle that a claim, as it is put, is not so, whatever its figures are.",
        see=("verdict",),
    ),
)
