// Hiding the future: nothing that comes after the hand may be seen, counted, or told from what is there.
// Only the calendar stays whole: the hand must have somewhere to go.

const horizon = () => (state.hidden ? state.moment : Infinity);
const lookedAt = () => (comparing() ? [history(), HISTORIES[0]] : [history()]);

// Kinds that a reader may know of: those of events so far.
function kindsSoFar() {
  const told = history();
  told.kinds ??= DATA.kinds.map((_, kind) => told.kind.indexOf(kind) + 1); // where each first stands
  return new Set(told.kinds.flatMap((first, kind) => (first && (!state.hidden || first <= state.position) ? [kind] : [])));
}

// Histories that may be named: a branch is none before it has parted.
function branchesSoFar() {
  return HISTORIES.filter((told, i) => i === 0 || i === state.branch
    || (told.moment[told.common - 1] ?? told.first) <= horizon());
}

const observedSoFar = (actor) => (DATA.observed[actor] ?? []).filter(([at]) => at <= horizon());
