// The readings at this moment: the chart's table, the finding, the four rungs, the captions.

const cells = new Map(); // actor -> the cells that time changes

function buildValues() {
  const chart = charted();
  const columns = ['', 'Actor', ...chart.lines.map(([, part]) => part || 'now')];
  if (comparing()) columns.push(`${HISTORIES[0].name}`);
  if (chart.observed) columns.push('observed');
  const head = h('tr', {}, ...columns.map((name, i) => h('th', {
    scope: 'col', class: i > 1 ? 'number' : null, text: i ? name : null,
  }, i ? null : h('span', { class: 'unseen', text: 'On the chart' }))));
  byId('values').tHead.replaceChildren(head);
  const shown = shownActors();
  cells.clear();
  byId('values').tBodies[0].replaceChildren(...candidates().map((actor) => valueRow(actor, shown, columns.length - 2)));
  say(byId('values-remark'), chart.lines.length > 1 && comparing() ? `${HISTORIES[0].name}: the backlog there.` : '');
}

function valueRow(actor, shown, numbers) {
  const on = shown.includes(actor);
  const box = h('input', { type: 'checkbox', 'aria-label': `${nameOf(actor)} on the chart`, onchange: () => toggled(actor) });
  box.checked = on;
  const swatch = h('i', { class: 'swatch' });
  if (on) swatch.style.background = colourOf(actor);
  const own = Array.from({ length: numbers }, () => h('td', { class: 'number' }));
  cells.set(actor, own);
  return h('tr', { 'data-actor': actor }, h('td', {}, box), h('th', { scope: 'row' }, swatch, nameOf(actor)), ...own);
}

function toggled(actor) {
  const shown = shownActors();
  const next = shown.includes(actor) ? shown.filter((id) => id !== actor) : [...shown, actor];
  choose({ actors: next.length ? next : null });
  byId('values').querySelector(`[data-actor="${CSS.escape(actor)}"] input`)?.focus();
}

function movedValues() {
  const chart = charted();
  for (const [actor, own] of cells) {
    const found = chart.lines.map(([name]) => written(readingAt(history(), name, actor, state.moment)));
    if (comparing()) found.push(written(readingAt(HISTORIES[0], chart.lines[0][0], actor, state.moment)));
    if (chart.observed) {
      const seen = observedAt(actor, state.moment);
      found.push(seen === null ? 'no observation' : written(seen));
    }
    own.forEach((cell, i) => say(cell, found[i]));
  }
}

const total = (name, of = history()) => readingAt(of, 'totals', name, state.moment);

// The same sentence as on the screen of `replay`.
function finding() {
  const [announced, committed, delivered] = ['announced', 'committed', 'delivered'].map((name) => money(total(name), STORY));
  let said = `${announced} stands announced and ${committed} committed, `;
  said += total('delivered') ? `against ${delivered} delivered` : 'and nothing is delivered';
  if (total('share') === null) return `${said}; the model lifts no listed actor above its opening value.`;
  return `${said}; of the ${money(total('gained'), STORY)} by which the model lifts listed actors, ${share(total('share'))} is belief.`;
}

const bars = { rows: new Map(), most: 1 };

function buildRungs() {
  bars.most = 1;
  for (const of of comparing() ? [history(), HISTORIES[0]] : [history()]) {
    for (const rung of RUNGS) for (const value of of.series.totals[rung]) if (value > bars.most) bars.most = value;
  }
  byId('rungs').tBodies[0].replaceChildren(...RUNGS.map((rung) => {
    const sum = h('td', { class: 'number' });
    const bar = h('span', { class: `bar ${rung}` });
    const base = h('span', { class: 'bar base' });
    bars.rows.set(rung, { sum, bar, base });
    return h('tr', {}, h('th', { scope: 'row', text: rung }), sum, h('td', { class: 'wide' }, bar, base));
  }));
}

function movedRungs() {
  say(byId('finding'), finding());
  const most = state.hidden ? Math.max(1, ...RUNGS.map((rung) => total(rung) ?? 0)) : bars.most;
  for (const [rung, { sum, bar, base }] of bars.rows) {
    const value = total(rung);
    say(sum, money(value, STORY));
    bar.hidden = !(value > 0);
    bar.style.width = `${100 * Math.max(value ?? 0, 0) / most}%`;
    base.hidden = !comparing();
    if (comparing()) base.style.left = `${100 * Math.max(total(rung, HISTORIES[0]) ?? 0, 0) / most}%`;
  }
}

// Captions are the history's Notes: the last one told before this moment stands beside the finding.
const notesOf = (told) => (told.notes ??= Array.from(told.kind.keys()).filter((i) => DATA.kinds[told.kind[i]] === 'Note').map((i) => i + 1));

function movedCaption() {
  const notes = notesOf(history());
  byId('caption').hidden = !notes.length || (state.hidden && notes[0] > state.position);
  if (byId('caption').hidden) return;
  const now = notes.findLast((position) => position <= state.position);
  const note = now ? eventAt(history(), now) : null;
  say(byId('caption-text'), note ? note.fact?.text ?? '' : 'The first caption is still to come.');
  say(byId('caption-by'), note ? `${nameOf(note.actor)}, ${shortDate(note.moment, JULIAN)}` : '');
  const later = notes.find((position) => position > state.position);
  byId('caption-back').disabled = !notes.some((position) => position < (now ?? 0));
  byId('caption-on').disabled = !later;
}

byId('caption-on').addEventListener('click', () => {
  const later = notesOf(history()).find((position) => position > state.position);
  if (later) go(later, { push: true });
});
byId('caption-back').addEventListener('click', () => {
  const now = notesOf(history()).findLast((position) => position <= state.position);
  const before = notesOf(history()).findLast((position) => position < now);
  if (before) go(before, { push: true });
});

panels.push({ rebuild: buildValues, moment: movedValues }, { rebuild: buildRungs, moment: movedRungs }, { moment: movedCaption });
