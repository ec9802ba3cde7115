// The list: one row an event, of which only those in view exist. It and the scrubber are one thing.

const box = byId('events');
const rows = byId('rows');
const ROW = 54; // pixels; page.css has the same
const TALLEST = 15_000_000; // browsers give up on taller elements
const list = { shown: null, trail: { causes: new Map(), effects: new Map() }, stretched: 1, top: 0, height: 0 };

function filters() {
  const words = byId('words').value.trim().toLowerCase();
  const kind = byId('kinds').value;
  const origin = byId('origins').value;
  return { words, kind: kind === '' ? -1 : Number(kind), origin: origin === '' ? -1 : Number(origin) };
}

// Positions that pass the filters; null where all do. Closes and what they leave open pass by their kind alone.
function passing() {
  const { words, kind, origin } = filters();
  if (!words && kind < 0 && origin < 0 && !DATA.quoted) return null;
  const told = history();
  const found = [];
  for (let i = 0; i < told.length; i++) {
    if (kind >= 0 ? told.kind[i] !== kind : PRICES.has(told.kind[i])) continue;
    if (origin >= 0 && told.origin[i] !== origin) continue;
    if (words && !textOf(told, i + 1).includes(words)) continue;
    found.push(i + 1);
  }
  return found;
}

function textOf(told, position) {
  const event = eventAt(told, position);
  return `${gist(event)} ${event.kind} ${event.from ? nameOf(event.from) : ''} ${event.to ? nameOf(event.to) : ''} ${event.told?.source ?? ''}`.toLowerCase();
}

const positionOf = (index) => (list.shown ? list.shown[index] : index + 1);
const indexOf = (position) => (list.shown ? upTo(list.shown, position) - 1 : position - 1);

// How many rows there are to see: none of the future while it is hidden.
function rowCount() {
  if (state.hidden) return indexOf(state.position) + 1;
  return list.shown ? list.shown.length : history().length;
}

function buildList() {
  const used = kindsSoFar();
  const kept = byId('kinds').value;
  byId('kinds').replaceChildren(h('option', { value: '', text: DATA.quoted ? 'every kind but closes' : 'every kind' }), ...DATA.kinds
    .map((name, i) => [name, i]).filter(([, i]) => used.has(i)).sort().map(([name, i]) => h('option', { value: i, text: name })));
  byId('kinds').value = used.has(Number(kept)) ? kept : '';
  list.height = box.clientHeight;
  refilter();
}

function refilter() {
  list.shown = passing();
  list.count = -1;
}

function movedList() {
  const counted = rowCount();
  if (counted !== list.count) {
    list.count = counted;
    const height = counted * ROW;
    list.stretched = Math.max(1, height / TALLEST);
    rows.style.height = `${height / list.stretched}px`;
    const of = list.shown ? ` of ${count(state.hidden ? state.position : history().length)}` : '';
    const far = state.hidden && !list.shown ? ' so far' : '';
    const all = list.shown ? (state.hidden ? state.position : history().length) : counted;
    say(byId('counted'), `${count(counted)}${of} event${all === 1 ? '' : 's'}${far}`);
  }
  list.trail = trailOf(state.position);
  const middle = (indexOf(state.position) * ROW) / list.stretched;
  if (middle < list.top + ROW || middle > list.top + list.height - 2 * ROW) {
    const lowest = (counted * ROW) / list.stretched - list.height;
    list.top = Math.round(Math.max(0, Math.min(middle - list.height / 2 + ROW, lowest)));
    box.scrollTop = list.top;
  }
  drawRows();
}

function drawRows() {
  const counted = rowCount();
  const now = indexOf(state.position);
  const from = Math.max(0, Math.floor((list.top * list.stretched) / ROW) - 1);
  const to = Math.min(counted, from + Math.ceil(list.height / ROW) + 3);
  const shift = list.top - list.top * list.stretched; // none but in very long lists
  const wanted = [];
  for (let index = from; index < to; index++) wanted.push(rowOf(positionOf(index), index, index === now, counted, shift));
  rows.replaceChildren(...wanted);
  const current = now >= from && now < to ? `row-${positionOf(now)}` : null;
  if (current) box.setAttribute('aria-activedescendant', current); else box.removeAttribute('aria-activedescendant');
}

function rowOf(position, index, current, counted, shift) {
  const event = eventAt(history(), position);
  const causal = list.trail.causes.has(position) ? ' cause' : list.trail.effects.has(position) ? ' effect' : '';
  const time = position > state.position ? ' later' : '';
  const row = h('div', {
    role: 'option', id: `row-${position}`, class: `row${current ? ' current' : ''}${causal}${time}`,
    'aria-selected': current, 'aria-setsize': counted, 'aria-posinset': index + 1, 'data-position': position,
  }, h('span', { class: 'meta' }, mark(event.origin), h('b', { text: event.kind }), h('span', { text: shortDate(event.moment, JULIAN) }),
    causal ? h('em', { text: causal.trim() }) : null, h('span', { class: 'sum', text: sumOf(event) })),
  h('span', { class: 'gist', text: gist(event) }));
  row.style.top = `${index * ROW + shift}px`;
  return row;
}

let scrolling = 0;
box.addEventListener('scroll', () => {
  const top = Math.round(box.scrollTop); // asked here, where the frame has just begun: later it would cost a layout
  if (top === list.top) return; // it was us
  list.top = top;
  if (!scrolling) scrolling = requestAnimationFrame(() => { scrolling = 0; drawRows(); });
});
box.addEventListener('click', (click) => {
  const row = click.target.closest('[data-position]');
  if (!row) return;
  playing.stop();
  go(Number(row.dataset.position), { push: true });
});
const LIST_KEYS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
box.addEventListener('keydown', (key) => {
  if (!(key.key in LIST_KEYS)) return;
  key.preventDefault();
  playing.stop();
  const most = (list.shown ? list.shown.length : history().length) - 1;
  const index = Math.min(Math.max(indexOf(state.position) + LIST_KEYS[key.key], 0), most);
  if (most >= 0) go(positionOf(index));
});
for (const id of ['words', 'kinds', 'origins']) {
  byId(id).addEventListener('input', () => { refilter(); movedList(); });
}
byId('origins').append(h('option', { value: '', text: 'every origin' }), ...ORIGINS.map((name, i) => h('option', { value: i, text: `${MARKS[name]} ${name}` })));
panels.unshift({ rebuild: buildList, known: () => kindsSoFar().size, moment: movedList }); // first: to scroll while nothing is changed costs least
