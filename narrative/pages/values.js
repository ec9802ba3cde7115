// The readings at this moment: the chart's table, the finding, the four rungs, the captions.

const cells = new Map(); // actor -> the cells that time changes

function buildValues() {
  const chart = charted();
  const columns = ['', 'Actor', ...chart.lines.map(([, part]) => part || 'now')];
  if (comparing()) columns.push(`${HISTORIES[0].name}`);
  if (chart.observed) columns.push(DATA.quoted ? 'on record' : 'observed');
  const head = h('tr', {}, ...columns.map((name, i) => h('th', {
    scope: 'col', class: i > 1 ? 'number' : null, text: i ? name : null,
  }, i ? null : h('span', { class: 'unseen', text: 'On the chart' }))));
  byId('values').tHead.replaceChildren(head);
  const shown = shownActors();
  cells.clear();
  byId('values').tBodies[0].replaceChildren(...candidates().map((actor) => valueRow(actor, shown, columns.length - 2)));
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
      found.push(besideOf(actor));
    }
    own.forEach((cell, i) => say(cell, found[i]));
  }
  say(byId('values-remark'), chart.lines.length > 1 && comparing() ? `${HISTORIES[0].name}: the backlog there.` : reportedBy());
}

// The revenue of four quarters that each company on the chart of values had reported last, with its day.
function reportedBy() {
  const found = [];
  for (const actor of charted().observed ? shownActors() : []) {
    const last = (DATA.reported[actor] ?? []).findLast(([moment]) => moment <= state.moment);
    if (last) found.push(`${nameOf(actor)} ${money(last[1], STORY)} (${shortDate(last[0], JULIAN)})`);
  }
  return found.length ? unbroken(`${MARKS.recorded} Revenue reported of four quarters: ${found.join(', ')}.`) : '';
}

const DEFINITIONS = ['announced, not delivered', 'above paid results', 'growth not yet earned'];

// Belief in each company on the chart, the least and the greatest it may be called, as last taken.
function movedSpans() {
  const found = history().spans.findLast(({ moment }) => moment <= state.moment);
  const shown = found && charted().observed ? shownActors().filter((actor) => found.by[actor]) : [];
  byId('spans').hidden = !shown.length;
  say(byId('spans-remark'), shown.length ? `As of ${shortDate(found.moment, JULIAN)}. Never one number, and never added up: each has its own bounds.` : '');
  byId('spans').tHead.replaceChildren(h('tr', {}, h('th', { scope: 'col', text: 'Actor' }), ...DEFINITIONS.map((text) => h('th', { scope: 'col', class: 'number', text }))));
  byId('spans').tBodies[0].replaceChildren(...shown.map((actor) => h('tr', {}, h('th', { scope: 'row', text: nameOf(actor) }),
    ...found.by[actor].map((ends) => h('td', { class: 'number', text: span(ends) })))));
}

// The last close on record with its day; without one what was observed, which is no record.
function besideOf(actor) {
  const close = closeAt(history(), actor, state.position);
  if (close) return `${written(close.value)}, ${shortDate(close.moment, JULIAN)}`;
  const seen = observedAt(actor, state.moment);
  if (seen === null) return DATA.missing ? 'observations not found' : 'no observation';
  return `${written(seen.value)}${DATA.quoted ? ' observed' : ''}, ${shortDate(seen.moment, JULIAN)}`;
}

const total = (name, of = history()) => readingAt(of, 'totals', name, state.moment);

// A sum or a share stands on one line.
function unbroken(text) {
  return text.replace(/(\d) (?=(?:%|k|m|bn|tn)(?![a-z]))/g, '$1\u00a0');
}

// The same sentence as on the screen of `replay`.
function finding() {
  const [announced, committed, delivered] = ['announced', 'committed', 'delivered'].map((name) => money(total(name), STORY));
  let said = `${announced} stands announced and ${committed} committed, `;
  said += total('delivered') ? `against ${delivered} delivered` : 'and nothing is delivered';
  if ((total('rise_lifted') ?? null) !== null) return `${said}; ${risen()}.`;
  if (total('share') === null) return `${said}; the model lifts no listed actor above its opening value.`;
  return `${said}; of the ${money(total('gained'), STORY)} by which the model lifts listed actors, ${share(total('share'))} is belief.`;
}

const PARTS_OF_RISE = [['told', ' is told'], ['flow', ' trades'], ['policy', ' policy'], ['liquidity', ' liquidity'],
  ['market', ' market'], ['sector', ' sector (what they have in common beyond it)']];
const ALWAYS = new Set(['told', 'market', 'sector']);

// What markets did to quoted actors, the larger side of it, and into what it falls.
function risen() {
  const up = ['lifted', total('rise_lifted'), total('rise_gained'), 'shares_'];
  const down = ['lowered', total('rise_lowered'), total('rise_lost'), 'shares_lost_'];
  const [[verb, many, much, prefix], other] = up[2] >= down[2] ? [up, down] : [down, up];
  if (!many) return 'markets moved no listed actor from its opening price';
  const aside = other[1] ? ` (and ${other[0]} ${count(other[1])} by ${money(other[2], STORY)})` : '';
  const parts = PARTS_OF_RISE.map(([name, words]) => [name, total(prefix + name), words])
    .filter(([name, part]) => name === 'told' || (ALWAYS.has(name) && part) || Math.abs(part) >= 0.005).map(([, part, words]) => share(part) + words);
  const ways = ['own_with', 'own_against'].map((name) => total(prefix + name));
  const netted = ways.every((part) => Math.abs(part) >= 0.005) ? ` (${share(ways[0])} of some actors, ${share(ways[1])} of others)` : '';
  const rest = `the rest, ${share(total(`${prefix}own`))}, unexplained${netted}`;
  return `of the ${money(much, STORY)} by which markets ${verb} ${count(many)} listed actor${many === 1 ? '' : 's'}${aside}, ${parts.join(', ')} and ${rest}`;
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
    return h('tr', {}, h('th', { scope: 'row', text: rung, title: DATA.words[rung] }), sum, h('td', { class: 'wide' }, bar, base));
  }));
}

function movedRungs() {
  say(byId('finding'), unbroken(finding()));
  const past = total('past') > 0 ? ` ${money(total('past'), STORY)} more is past: of plans whose time is over.` : '';
  say(byId('rungs-remark'), `Looked at side by side, and never added up.${past}${comparing() ? ` The stroke is where ${HISTORIES[0].name} stands.` : ''}`);
  const most = state.hidden ? Math.max(1, ...lookedAt().flatMap((told) => RUNGS.map((rung) => total(rung, told) ?? 0))) : bars.most;
  for (const [rung, { sum, bar, base }] of bars.rows) {
    const value = total(rung);
    say(sum, money(value, STORY));
    bar.hidden = !(value > 0);
    bar.style.width = `${100 * Math.max(value ?? 0, 0) / most}%`;
    base.hidden = !comparing();
    if (comparing()) base.style.left = `${100 * Math.max(total(rung, HISTORIES[0]) ?? 0, 0) / most}%`;
  }
}

// Captions are the history's Notes. Each stands at the event that it is about, or where it was written.
function captionsOf(told) {
  if (told.captions) return told.captions;
  const note = DATA.kinds.indexOf('Note');
  const found = [];
  for (let position = told.length; position > 0; position--) {
    if (told.kind[position - 1] !== note) continue;
    const event = eventAt(told, position);
    found.push({ at: causesOf(told, position)[0] ?? position, text: event.fact?.text ?? '', by: nameOf(event.actor) });
  }
  told.captions = found.reverse().sort((a, b) => a.at - b.at);
  return told.captions;
}

// The last caption so far stands beside the finding; buttons walk from one to the next.
function movedCaption() {
  const all = captionsOf(history());
  const now = all.findLastIndex(({ at }) => at <= state.position);
  byId('caption').hidden = !all.length || (state.hidden && now < 0);
  if (byId('caption').hidden) return;
  say(byId('caption-text'), now < 0 ? 'The first caption is still to come.' : all[now].text);
  say(byId('caption-by'), now < 0 ? '' : `${all[now].by}, on ${shortDate(history().moment[all[now].at - 1], JULIAN)}`);
  byId('caption-back').disabled = !captionBeyond(-1);
  byId('caption-on').disabled = !captionBeyond(1);
}

function captionBeyond(direction) {
  const all = captionsOf(history());
  const now = all.findLast(({ at }) => at <= state.position)?.at ?? 0;
  if (direction > 0 && state.hidden) return undefined;
  return direction > 0 ? all.find(({ at }) => at > now) : all.findLast(({ at }) => at < now);
}

for (const [id, direction] of [['caption-back', -1], ['caption-on', 1]]) {
  byId(id).addEventListener('click', () => go(captionBeyond(direction).at, { push: true }));
}

panels.push({ rebuild: buildValues, known: () => candidates().join(), moment: movedValues }, { moment: movedSpans }, { rebuild: buildRungs, moment: movedRungs }, { moment: movedCaption });
