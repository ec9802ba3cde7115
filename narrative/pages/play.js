// Playing: event by event, or as the calendar ran. It lingers on what is large, stops at the end, and when a hand takes over.

const LINGER = 0.8; // seconds
const LARGE = 6; // of each measure: repricings, sums, and turns of fortune
const TURNS = new Set(['Default', 'Liquidation', 'MarginCall', 'Supposition', 'Note']);

// Positions of the largest repricings, of the largest sums, and of the first turns of fortune.
function largeIn(told) {
  if (told.large) return told.large;
  const measures = { steps: [], sums: [], turns: [] };
  for (let i = 0; i < told.length; i++) {
    const kind = DATA.kinds[told.kind[i]];
    const size = Math.abs(told.amount[i]);
    if (TURNS.has(kind)) measures.turns.push([0, i + 1]);
    else if (kind === 'Repricing' && size) measures.steps.push([size, i + 1]);
    else if (told.rung[i] >= 0 && size) measures.sums.push([size, i + 1]);
  }
  const found = Object.values(measures).flatMap((rows) => rows.sort((a, b) => b[0] - a[0]).slice(0, LARGE));
  told.large = found.map(([, position]) => position).sort((a, b) => a - b);
  return told.large;
}

const PACES = [
  ['2 events/s', 'events', 2], ['6 events/s', 'events', 6], ['20 events/s', 'events', 20],
  ['100 events/s', 'events', 100], ['a day/s', 'days', 1], ['a week/s', 'days', 7],
  ['a month/s', 'days', 30], ['a year/s', 'days', 365],
];

const playing = {
  on: false,
  last: 0,
  owed: 0,
  rest: 0,

  toggle() {
    if (playing.on) return playing.stop();
    if (state.position >= history().length) go(positionAt(history().first)); // past what everyone opens with
    Object.assign(playing, { on: true, last: performance.now(), owed: 0, rest: 0 });
    playing.shown();
    requestAnimationFrame(playing.step);
  },

  stop() {
    if (!playing.on) return;
    playing.on = false;
    playing.shown();
  },

  step(now) {
    if (!playing.on) return;
    const [, unit, speed] = PACES[byId('pace').value];
    const seconds = Math.min((now - playing.last) / 1000, 0.25);
    playing.last = now;
    playing.rest -= seconds;
    if (playing.rest <= 0) playing.advance(unit, seconds * speed);
    const ended = state.position >= history().length && (unit === 'events' || state.moment >= history().until);
    if (ended) return void playing.stop();
    requestAnimationFrame(playing.step);
  },

  // On by some events or days, but past nothing large.
  advance(unit, much) {
    const moment = unit === 'days' ? state.moment + much * DAY : null;
    playing.owed += moment === null ? much : 0;
    const to = moment === null ? state.position + Math.floor(playing.owed) : positionAt(moment);
    const large = largeIn(history()).find((position) => position > state.position && position <= to);
    if (large) playing.rest = LINGER;
    if (large) go(large);
    else if (moment !== null) go(to, { moment: Math.min(moment, history().until) });
    else if (to > state.position) go(to);
    playing.owed %= 1;
  },

  shown() {
    byId('play').setAttribute('aria-pressed', playing.on);
    say(byId('play'), playing.on ? 'Pause' : 'Play');
  },
};

PACES.forEach(([name], i) => byId('pace').append(h('option', { value: i, text: name, selected: i === 1 })));
byId('play').addEventListener('click', playing.toggle);
byId('back').addEventListener('click', () => { playing.stop(); go(state.position - 1); });
byId('forth').addEventListener('click', () => { playing.stop(); go(state.position + 1); });
