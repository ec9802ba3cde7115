// Hiding the future: nothing that comes after the hand may be seen, counted, or told from what is there.
// Only the calendar stays whole: the hand must have somewhere to go.

const horizon = () => (state.hidden ? state.moment : Infinity);
const lookedAt = () => (comparing() ? [history(), HISTORIES[0]] : [history()]);

// Kinds that a reader may know of: those of events so far.
function kindsSoFar() {
  const told = history();
  return new Set(state.hidden ? told.kind.subarray(0, state.position) : told.kind);
}

// Histories that may be named: a branch is none before it has parted.
function branchesSoFar() {
  return HISTORIES.filter((told, i) => i === 0 || i === state.branch
    || (told.moment[told.common - 1] ?? told.first) <= horizon());
}

// All that is built once and depends on what is known so far. When it changes, everything is built anew.
function standing() {
  if (!state.hidden) return '';
  return [candidates(), [...kindsSoFar()].length, branchesSoFar().length, nodesShown(), logarithmic(),
    over.drawn.some((line) => observedSoFar(line.actor).length)].join('\n');
}

const observedSoFar = (actor) => (DATA.observed[actor] ?? []).filter(([at]) => at <= horizon());
