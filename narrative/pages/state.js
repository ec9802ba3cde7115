// What is being looked at, and its address: everything that a link can bring back.

const CHARTS = ['valuation', 'belief', 'loan', 'output'];
const state = {
  branch: 0, position: HISTORIES[0].length, moment: HISTORIES[0].until, chart: 'valuation', actors: null,
  log: null, hidden: false, compare: true,
};
// Each {rebuild?, known?, moment?}: `rebuild` after anything but time changed, `moment` after time. What a panel shows
// of what is `known` so far is built anew while the future is hidden, whenever that changes.
const panels = [];

const history = () => HISTORIES[state.branch];

// The position that stands at a moment: the last event not after it.
function positionAt(moment, of = history()) {
  return Math.max(1, upTo(of.moment, moment));
}

let waiting = 0;

function paint() {
  waiting = 0;
  const began = performance.now();
  for (const panel of panels) if (state.hidden && panel.known && panel.known() !== panel.stood) build(panel);
  for (const panel of panels) panel.moment?.();
  spent.push(performance.now() - began);
  if (spent.length > 1000) spent.shift();
}

const spent = []; // milliseconds of the last paints, for tests and the curious

function build(panel) {
  panel.rebuild?.();
  if (state.hidden) panel.stood = panel.known?.();
}

function rebuild() {
  panels.forEach(build);
  paint();
}

// Move to an event; `moment` where the clock stands past it. Painted once a frame, however often called.
function go(position, { moment, push = false } = {}) {
  const to = Math.min(Math.max(position, 1), history().length);
  state.position = to;
  state.moment = moment ?? (to === history().length ? Math.max(history().until, history().moment[to - 1])
    : history().moment[to - 1]);
  if (!waiting) waiting = requestAnimationFrame(paint);
  remember(push);
}

function choose(changes, push = true) {
  Object.assign(state, changes);
  if (changes.branch !== undefined) {
    const end = Math.max(history().until, history().moment.at(-1));
    state.position = positionAt(Math.min(state.moment, end));
    state.moment = Math.min(state.moment, end);
  }
  rebuild();
  remember(push);
}

function hashOf() {
  const parts = new URLSearchParams();
  parts.set('at', state.position);
  if (state.branch) parts.set('branch', history().name);
  if (state.chart !== 'valuation') parts.set('chart', state.chart);
  if (state.actors) parts.set('show', state.actors.join('.'));
  if (state.log !== null) parts.set('scale', state.log ? 'log' : 'linear');
  if (state.hidden) parts.set('future', 'hidden');
  if (!state.compare) parts.set('main', 'off');
  parts.set('of', editionOf(history()));
  return `#${parts}`;
}

// Which version of a history a link was made of: events have other numbers in another.
const editionOf = (told) => told.digest.slice(0, 8);

let remembering = 0;

// The address follows at leisure: browsers forbid changing it a hundred times a second.
function remember(push) {
  clearTimeout(remembering);
  if (push) return void window.history.pushState(null, '', hashOf());
  remembering = setTimeout(() => window.history.replaceState(null, '', hashOf()), 250);
}

function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const branch = HISTORIES.findIndex((one) => one.name === parts.get('branch'));
  state.branch = Math.max(branch, 0);
  const at = Number.parseInt(parts.get('at'), 10);
  const end = history().length;
  state.hidden = parts.get('future') === 'hidden';
  state.position = at >= 1 ? Math.min(at, end) : state.hidden ? positionAt(history().first) : end;
  state.moment = state.position === end ? Math.max(history().until, history().moment[end - 1])
    : history().moment[state.position - 1];
  state.chart = CHARTS.includes(parts.get('chart')) ? parts.get('chart') : 'valuation';
  const shown = (parts.get('show') ?? '').split('.').filter((id) => NAMES.has(id));
  state.actors = shown.length ? shown : null;
  state.log = { log: true, linear: false }[parts.get('scale')] ?? null;
  state.compare = parts.get('main') !== 'off';
  const strange = (parts.has('branch') && branch < 0) || (parts.has('of') && parts.get('of') !== editionOf(history()));
  byId('notice').hidden = !strange;
  if (strange) say(byId('notice'), 'This link was made of another version of this history, or of a branch that is not here: what it led to may stand elsewhere.');
}
