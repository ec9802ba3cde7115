// The circle: who gave, or promised, money to whom up to this moment. An arrow a rung and origin, as wide as the money.

const RING = {}; // its size in pixels, so that its words are as large as any on the page
const WIDEST = 0.036; // of the largest arrow a history ever shows, as a part of the circle's width
const ring = byId('circle');
const still = matchMedia('(prefers-reduced-motion: reduce)');
const drawn = { nodes: new Map(), strands: [], outside: false, pulses: null };

// Money by giver, taker, rung and origin: positions and running sums, to be read at any position.
function strandsOf(told) {
  if (told.strands) return told.strands;
  const inside = new Set(DATA.circle);
  const found = new Map();
  for (let i = 0; i < told.length; i++) {
    if (told.rung[i] < 0) continue;
    const from = DATA.names[told.from[i]];
    const to = DATA.names[told.to[i]];
    if (from === to || !inside.has(from) || !inside.has(to)) continue;
    const key = `${from}\n${to}\n${told.rung[i]}\n${told.origin[i]}`;
    const strand = found.get(key) ?? { from, to, rung: told.rung[i], origin: told.origin[i], at: [], sum: [] };
    found.set(key, strand);
    strand.at.push(i + 1);
    strand.sum.push((strand.sum.at(-1) ?? 0) + told.amount[i]);
  }
  told.strands = [...found.values()].sort((a, b) => a.rung - b.rung || a.origin - b.origin);
  return told.strands;
}

const heldBy = (strand, position) => Math.max(strand.sum[upTo(strand.at, position) - 1] ?? 0, 0);

function measured() {
  const width = Math.min(Math.max(ring.parentElement.clientWidth, 320), 860);
  const height = Math.round(width < 520 ? width * 1.15 : width * 0.74);
  const side = width < 520 ? 100 : 128; // room for names
  ring.classList.toggle('small', width < 520);
  Object.assign(RING, { width, height, x: width / 2, y: height / 2, rx: width / 2 - side, ry: height / 2 - 58 });
  ring.setAttribute('viewBox', `0 0 ${width} ${height}`);
}

function placeNodes(told) {
  const busy = new Set(strandsOf(told).flatMap((strand) => [strand.from, strand.to]));
  const shown = DATA.circle.filter((id) => busy.has(id));
  const small = shown.length <= 5;
  drawn.nodes.clear();
  shown.forEach((id, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / shown.length + (small ? 0 : Math.PI / shown.length);
    const x = RING.x + RING.rx * Math.cos(angle);
    const y = RING.y + RING.ry * Math.sin(angle);
    drawn.nodes.set(id, { id, x, y, angle });
  });
}

function nodeShape({ id, x, y, angle }) {
  const cos = Math.cos(angle);
  const anchor = Math.abs(cos) < 0.05 ? 'middle' : cos > 0 ? 'start' : 'end';
  const steep = Math.sin(angle) * Math.sin(angle) > 0.7 ? Math.sign(Math.sin(angle)) : 0;
  const lift = steep < 0 ? (anchor === 'middle' ? -32 : -22) : steep * (anchor === 'middle' ? 25 : 16);
  const place = { x: x + (anchor === 'middle' ? 0 : Math.sign(cos) * 14), y: y + lift };
  const worth = s('tspan', { x: place.x, dy: '1.15em', class: 'worth' });
  const node = drawn.nodes.get(id);
  node.worth = worth;
  return s('g', { class: 'node' }, s('circle', { cx: x, cy: y, r: 7 }),
    s('text', { ...place, 'text-anchor': anchor }, s('tspan', { x: place.x, text: nameOf(id) }), worth));
}

// A curve bent to one side, so that there and back lie apart: along the ring among few. `off` further for each strand.
function curve(from, to, off) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const side = drawn.nodes.size > 5 ? 1 : -1; // among many, outside the ring is where the names are
  const nx = -side * (to.y - from.y) / length;
  const ny = side * (to.x - from.x) / length;
  const outward = nx * ((from.x + to.x) / 2 - RING.x) + ny * ((from.y + to.y) / 2 - RING.y) > 0;
  const bend = length * (side > 0 && outward ? 0.06 : 0.17) + off * 1.5;
  const control = { x: (from.x + to.x) / 2 + nx * bend, y: (from.y + to.y) / 2 + ny * bend };
  const near = (node, towards, gap) => {
    const far = Math.hypot(towards.x - node.x, towards.y - node.y) || 1;
    return { x: node.x + (towards.x - node.x) * gap / far + nx * off, y: node.y + (towards.y - node.y) * gap / far + ny * off };
  };
  const start = near(from, control, 11);
  const end = near(to, control, 17);
  const at = (t) => ['x', 'y'].map((axis) => (1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * end[axis]);
  return { start, control, end, at, path: `M${start.x},${start.y}Q${control.x},${control.y} ${end.x},${end.y}` };
}

function head(line, width) {
  const dx = line.end.x - line.control.x;
  const dy = line.end.y - line.control.y;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const half = width / 2 + 3;
  const tip = Math.min(half + 2, 10);
  const corner = (side) => `${line.end.x - side * half * uy},${line.end.y + side * half * ux}`;
  return `M${corner(1)}L${line.end.x + ux * tip},${line.end.y + uy * tip}L${corner(-1)}Z`;
}

function buildCircle() {
  const told = history();
  measured();
  placeNodes(told);
  const scale = WIDEST * RING.width / Math.max(1, ...strandsOf(told).map((strand) => Math.max(...strand.sum)));
  drawn.strands = strandsOf(told).map((strand) => {
    const names = `strand ${RUNGS[strand.rung]} ${ORIGINS[strand.origin]}`;
    const parts = {
      line: s('path', { class: 'line' }), core: s('path', { class: 'core' }), head: s('path', { class: 'head' }),
      mark: s('text', { class: 'sign', text: MARKS[ORIGINS[strand.origin]] }), title: s('title'),
    };
    return { strand, scale, parts, width: -1, group: s('g', { class: names }, ...Object.values(parts)) };
  });
  drawn.pulses = s('g', { class: 'pulses' });
  drawn.sums = s('g', { class: 'sums' });
  ring.replaceChildren(s('ellipse', { class: 'track', cx: RING.x, cy: RING.y, rx: RING.rx, ry: RING.ry }),
    ...drawn.strands.map(({ group }) => group), drawn.sums, drawn.pulses, ...[...drawn.nodes.values()].map(nodeShape));
  drawn.layout = '';
  drawn.firsts = told.steps.map((so) => ORIGINS.map((_, origin) => so.find((p) => told.origin[p - 1] === origin)));
  const none = drawn.nodes.size ? '' : ' No money passed between those who take part in it.';
  say(byId('circle-remark'), `Arrows run from who gives, or would give, money to who gets it. Paid counts loans and rounds.${none}`);
  byId('steps').replaceChildren(...STORY.steps.map((text) => h('li', {}, h('span', { text }), h('span', { class: 'shown' }))));
}

function movedCircle() {
  const alive = drawn.strands.map((one) => ({ one, money: heldBy(one.strand, state.position) })).filter(({ money: m }) => m > 0);
  for (const one of drawn.strands) one.group.toggleAttribute('hidden', heldBy(one.strand, state.position) <= 0);
  const layout = alive.map(({ one, money: m }) => `${drawn.strands.indexOf(one)}:${m}`).join();
  if (layout !== drawn.layout) {
    drawn.layout = layout;
    layOut(alive);
    tellArrows(alive);
  }
  for (const node of drawn.nodes.values()) {
    const worth = readingAt(history(), 'valuation', node.id, state.moment);
    say(node.worth, worth === null ? '' : money(worth, STORY));
  }
  movedSteps();
  pulse();
}

function layOut(alive) {
  const pairs = Map.groupBy(alive, ({ one }) => `${one.strand.from}\n${one.strand.to}`);
  for (const strands of pairs.values()) {
    let off = 0;
    for (const { one, money: m } of strands) {
      const least = RUNGS[one.strand.rung] === 'delivered' ? 4 : 1.5;
      const width = Math.max(m * one.scale, least);
      const line = curve(drawn.nodes.get(one.strand.from), drawn.nodes.get(one.strand.to), off + width / 2);
      one.curve = line;
      one.parts.line.setAttribute('d', line.path);
      one.parts.line.setAttribute('stroke-width', width);
      one.parts.core.setAttribute('d', line.path);
      one.parts.core.setAttribute('stroke-width', Math.max(width / 3, 1.3));
      one.parts.head.setAttribute('d', head(line, width));
      const [x, y] = line.at(0.5 + 0.09 * (one.strand.rung - 1.5));
      one.parts.mark.setAttribute('x', x);
      one.parts.mark.setAttribute('y', y + 3.5);
      say(one.parts.title, arrowWords(one.strand, m));
      off += width + 2;
    }
  }
  const taken = [...drawn.nodes.values()].map(({ x, y, angle }) => [x + 50 * Math.cos(angle), y]);
  const largest = [...alive].sort((a, b) => b.money - a.money).slice(0, RING.width < 520 ? 0 : 3);
  drawn.sums.replaceChildren(...largest.map(({ one, money: m }) => {
    const [x, y] = freeSpot(one.curve, taken);
    taken.push([x, y]);
    return s('text', { x, y: y - 9, 'text-anchor': 'middle', text: `${money(m, STORY)} ${RUNGS[one.strand.rung]}` });
  }));
}

// Where along a curve a sum can stand without standing on a name or on another sum.
function freeSpot(line, taken) {
  const clear = ([x, y]) => taken.every(([a, b]) => Math.abs(x - a) > 105 || Math.abs(y - 9 - b) > 20);
  const spots = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map(line.at);
  return spots.find(clear) ?? spots[0];
}

const arrowWords = (strand, m) => `${nameOf(strand.from)} to ${nameOf(strand.to)}: ${money(m, STORY)} ${RUNGS[strand.rung]}, ${ORIGINS[strand.origin]}`;

function tellArrows(alive) {
  const rows = [...alive].sort((a, b) => b.money - a.money).map(({ one, money: m }) => h('tr', {},
    h('td', { text: nameOf(one.strand.from) }), h('td', { text: nameOf(one.strand.to) }),
    h('td', { text: RUNGS[one.strand.rung] }), h('td', {}, mark(ORIGINS[one.strand.origin])),
    h('td', { class: 'number', text: money(m, STORY) })));
  const names = ['From', 'To', 'Rung', 'Origin', 'Money'];
  byId('arrows').replaceChildren(h('table', {}, h('thead', {}, h('tr', {}, ...names.map((name) => h('th', { scope: 'col', text: name })))), h('tbody', {}, ...rows)));
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
panels.push({ rebuild: buildCircle, moment: movedCircle });
