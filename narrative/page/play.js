// Playing: event by event, or as the calendar ran. It stops at the end, and when a hand takes over.

const PACES = [
  ['2 events/s', 'events', 2], ['6 events/s', 'events', 6], ['20 events/s', 'events', 20],
  ['100 events/s', 'events', 100], ['a day/s', 'days', 1], ['a week/s', 'days', 7],
  ['a month/s', 'days', 30], ['a year/s', 'days', 365],
];

const playing = {
  on: false,
  last: 0,
  owed: 0,

  toggle() {
    if (playing.on) return playing.stop();
    if (state.position >= history().length) go(positionAt(history().first)); // past what everyone opens with
    Object.assign(playing, { on: true, last: performance.now(), owed: 0 });
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
    if (unit === 'days') {
      const moment = state.moment + seconds * speed * DAY;
      go(positionAt(moment), { moment: Math.min(moment, history().until) });
    } else {
      playing.owed += seconds * speed;
      if (playing.owed >= 1) go(state.position + Math.floor(playing.owed));
      playing.owed %= 1;
    }
    const ended = state.position >= history().length && (unit === 'events' || state.moment >= history().until);
    if (ended) return void playing.stop();
    requestAnimationFrame(playing.step);
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
