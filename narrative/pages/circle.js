// The circle: who gave, or promised, money to whom up to this moment. An arrow a rung and origin, as wide as the money.

const WIDEST = 0.036; // of the largest arrow, as a part of the circle's width
const actorsDrawn = () => (window.innerWidth < 620 ? 7 : 12); // among more no arrow can be followed
const still = matchMedia('(prefers-reduced-motion: reduce)');
const drawn = { nodes: new Map(), strands: [], pulses: null };

// Money by giver, taker, rung and origin: positions and running sums, to be read at any position.
function strandsOf(told) {
  if (told.strands) return told.strands;
  const found = new Map();
  for (let i = 0; i < told.length; i++) {
    if (told.rung[i] < 0) continue;
    const way = `${told.from[i]} ${told.to[i]} ${told.rung[i]}`;
    const held = (origin) => found.get(`${way} ${origin}`)?.sum.at(-1) ?? 0;
    // What is taken back may have been promised by another origin: a what-if can take back what was recorded.
    const origin = told.amount[i] < 0 ? [told.origin[i], 0, 1, 2].find((one) => held(one) > 0) ?? told.origin[i] : told.origin[i];
    const key = `${way} ${origin}`;
    if (!found.has(key)) {
      found.set(key, { from: DATA.names[told.from[i]], to: DATA.names[told.to[i]], rung: told.rung[i], origin, at: [], sum: [], most: 0 });
    }
    const strand = found.get(key);
    strand.at.push(i + 1);
    strand.sum.push((strand.sum.at(-1) ?? 0) + told.amount[i]);
    strand.most = Math.max(strand.most, strand.sum.at(-1));
  }
  told.strands = [...found.values()].sort((a, b) => a.rung - b.rung || a.origin - b.origin);
  told.moved = RUNGS.map((_, rung) => movedOn(told, rung));
  return told.strands;
}

// All money on a rung, whoever gave it: positions and running sums.
function movedOn(told, rung) {
  const found = { at: [], sum: [] };
  for (let i = 0; i < told.length; i++) {
    if (told.rung[i] !== rung) continue;
    found.at.push(i + 1);
    found.sum.push((found.sum.at(-1) ?? 0) + told.amount[i]);
  }
  return found;
}

const within = ({ from, to }, ids) => from !== to && ids.includes(from) && ids.includes(to);
const summedAt = (strand, position) => strand.sum[upTo(strand.at, position) - 1] ?? 0;
const heldBy = (strand, position) => Math.max(summedAt(strand, position), 0);

// Those of the circle between whom money passes: in all, or so far while the future is hidden. Of many, those of most.
function nodesShown() {
  const most = new Map();
  for (const strand of strandsOf(history())) {
    if (!within(strand, DATA.circle) || (state.hidden && strand.at[0] > state.position)) continue;
    const largest = state.hidden ? heldBy(strand, state.position) : strand.most;
    for (const id of [strand.from, strand.to]) most.set(id, Math.max(most.get(id) ?? 0, largest));
  }
  drawn.busy = most.size;
  const kept = [...most].sort((a, b) => b[1] - a[1]).slice(0, actorsDrawn()).map(([id]) => id);
  return DATA.circle.filter((id) => kept.includes(id));
}

function buildCircle() {
  const told = history();
  const shown = nodesShown();
  ring.closest('.around').classList.toggle('ringless', !shown.length); // first: it makes room
  measured(shown.map(nameOf));
  drawn.nodes = placed(shown);
  drawn.strands = strandsOf(told).filter((strand) => within(strand, shown)).map((strand) => {
    const names = `strand ${RUNGS[strand.rung]} ${ORIGINS[strand.origin]}`;
    const parts = {
      line: s('path', { class: 'line' }), core: s('path', { class: 'core' }), head: s('path', { class: 'head' }),
      mark: s('text', { class: 'sign', text: MARKS[ORIGINS[strand.origin]] }), title: s('title'),
    };
    return { strand, parts, group: s('g', { class: names }, ...Object.values(parts)) };
  });
  drawn.most = Math.max(1, ...drawn.strands.map(({ strand }) => strand.most));
  drawn.pulses = s('g', { class: 'pulses' });
  drawn.sums = s('g', { class: 'sums' });
  ring.replaceChildren(s('ellipse', { class: 'track', cx: RING.x, cy: RING.y, rx: RING.rx, ry: RING.ry }),
    ...drawn.strands.map(({ group }) => group), ...[...drawn.nodes.values()].map(nodeShape), drawn.sums, drawn.pulses);
  drawn.layout = '';
  drawn.firsts = told.steps.map((so) => ORIGINS.map((_, origin) => so.find((p) => told.origin[p - 1] === origin)));
  const none = shown.length ? '' : ` No money has passed between those who take part in it${state.hidden ? ' so far' : ''}.`;
  say(byId('circle-remark'), `Arrows run from who gives, or would give, money to who gets it. Paid counts loans and rounds.${none}`);
  say(byId('steps-matched'), STORY.matched);
  byId('steps').replaceChildren(...STORY.steps.map((text) => h('li', {}, h('span', { text }), h('span', { class: 'shown' }))));
}

function movedCircle() {
  drawn.alive = drawn.strands.map((one) => ({ one, sum: heldBy(one.strand, state.position) })).filter(({ sum }) => sum > 0);
  for (const one of drawn.strands) one.group.toggleAttribute('hidden', heldBy(one.strand, state.position) <= 0);
  const layout = drawn.alive.map(({ one, sum }) => `${drawn.strands.indexOf(one)}:${sum}`).join();
  if (layout !== drawn.layout) {
    drawn.layout = layout;
    layOut(drawn.alive);
    tellArrows();
  }
  for (const node of drawn.nodes.values()) {
    const worth = readingAt(history(), 'valuation', node.id, state.moment);
    say(node.worth, worth === null ? '' : money(worth, STORY));
  }
  say(byId('circle-left'), leftUndrawn());
  movedSteps();
  pulse();
}

// What the arrows do not show, rung by rung: money to, from or among those who are not drawn.
function leftUndrawn() {
  const sums = history().moved.map((moved) => summedAt(moved, state.position));
  for (const { strand } of drawn.strands) sums[strand.rung] -= summedAt(strand, state.position);
  const words = sums.map((sum, rung) => (sum ? `${money(sum, STORY)} ${RUNGS[rung]}` : '')).filter(Boolean);
  const many = drawn.busy <= drawn.nodes.size ? '' : ` The ${drawn.nodes.size} between whom most passes are drawn.`;
  return words.length ? `Not drawn, because one side or both are not shown here: ${words.join(', ')}.${many}` : many.trim();
}

function layOut(alive) {
  const scale = WIDEST * RING.width / (state.hidden ? Math.max(1, ...alive.map(({ sum }) => sum)) : drawn.most);
  const pairs = new Map();
  for (const each of alive) {
    const key = `${each.one.strand.from}\n${each.one.strand.to}`;
    pairs.set(key, [...(pairs.get(key) ?? []), each]);
  }
  for (const bundle of pairs.values()) layBundle(bundle, scale);
  const taken = [...drawn.nodes.values()].map(({ box: own }) => own);
  const largest = [...alive].sort((a, b) => b.sum - a.sum).slice(0, RING.width < 520 ? 0 : 3);
  drawn.sums.replaceChildren(...largest.flatMap(({ one, sum }) => {
    const text = `${money(sum, STORY)} ${RUNGS[one.strand.rung]}`;
    const spot = freeSpot(one.curve, text, taken);
    if (!spot) return [];
    taken.push(spot);
    return [s('rect', { ...spot, rx: 3 }), s('text', { x: spot.x + spot.width / 2, y: spot.y + 15, 'text-anchor': 'middle', text })];
  }));
}

// The arrows from one to another, side by side around one curve, but never across to those that come back.
function layBundle(bundle, scale) {
  const [from, to] = [bundle[0].one.strand.from, bundle[0].one.strand.to].map((id) => drawn.nodes.get(id));
  const widths = bundle.map(({ one, sum }) => Math.max(sum * scale, RUNGS[one.strand.rung] === 'delivered' ? 4 : 1.5));
  const across = widths.reduce((sum, width) => sum + width + 2, -2);
  let off = -Math.min(across / 2, Math.max(bent(from, to).bend / 2 - 4, 0));
  bundle.forEach(({ one, sum }, i) => {
    const width = widths[i];
    one.curve = curve(from, to, off + width / 2);
    off += width + 2;
    const { line, core, head, mark: sign, title } = one.parts;
    filled(line, { d: one.curve.path, 'stroke-width': width }, []);
    filled(core, { d: one.curve.path, 'stroke-width': Math.max(width / 3, 1.3) }, []);
    filled(head, { d: arrowHead(one.curve, width) }, []);
    const [x, y] = one.curve.at(0.5 + 0.09 * (one.strand.rung - 1.5));
    filled(sign, { x, y: y + 3.5 }, []);
    say(title, arrowWords(one.strand, sum));
  });
}

const arrowWords = (strand, sum) => `${nameOf(strand.from)} to ${nameOf(strand.to)}: ${money(sum, STORY)} ${RUNGS[strand.rung]}, ${ORIGINS[strand.origin]}`;

// Told only where it is looked at: a table is made anew at each step.
function tellArrows() {
  if (!byId('arrows-told').open) return;
  const rows = [...drawn.alive].sort((a, b) => b.sum - a.sum).map(({ one, sum }) => h('tr', {},
    h('td', { text: nameOf(one.strand.from) }), h('td', { text: nameOf(one.strand.to) }),
    h('td', { text: RUNGS[one.strand.rung] }), h('td', {}, mark(ORIGINS[one.strand.origin])),
    h('td', { class: 'number', text: money(sum, STORY) })));
  const names = ['From', 'To', 'Rung', 'Origin', 'Money'];
  byId('arrows').replaceChildren(h('table', {}, h('thead', {}, h('tr', {}, ...names.map((name, i) => h('th', { scope: 'col', class: i === 4 ? 'number' : null, text: name })))), h('tbody', {}, ...rows)));
}

function movedSteps() {
  [...byId('steps').children].forEach((row, i) => {
    const so = history().steps[i] ?? [];
    const number = upTo(so, state.position);
    const told = ORIGINS.filter((_, origin) => drawn.firsts[i][origin] <= state.position);
    const words = number ? `${told.map((origin) => MARKS[origin]).join(' ')} ${count(number)} so far` : '○ missing so far';
    say(row.lastChild, words);
  });
}

// A pulse runs along the arrow whose event has just happened.
function pulse() {
  drawn.pulses.replaceChildren();
  if (still.matches) return;
  const i = state.position - 1;
  const one = drawn.strands.find(({ strand }) => strand.at.includes(state.position));
  if (!one?.curve || history().amount[i] <= 0) return;
  const runner = s('animateMotion', { dur: '0.9s', path: one.curve.path, fill: 'freeze', begin: 'indefinite' });
  const fade = s('animate', { attributeName: 'opacity', values: '1;1;0', dur: '1.1s', fill: 'freeze', begin: 'indefinite' });
  drawn.pulses.append(s('circle', { r: 6, class: ORIGINS[one.strand.origin] }, runner, fade));
  runner.beginElement();
  fade.beginElement();
}

function sample(rung) {
  const path = 'M2,8H44';
  return h('span', { class: 'key' }, s('svg', { width: 48, height: 16, 'aria-hidden': 'true' },
    s('g', { class: `strand ${rung} plain` }, s('path', { class: 'line', d: path, 'stroke-width': 6 }), s('path', { class: 'core', d: path, 'stroke-width': 2 }))), rung);
}

byId('circle-legend').append(...RUNGS.map(sample), ...ORIGINS.map((origin) => h('span', { class: 'key' }, mark(origin), origin)));
byId('arrows-told').addEventListener('toggle', tellArrows);
panels.push({ rebuild: buildCircle, known: () => nodesShown().join(), moment: movedCircle });
