// Why: the chain of causes of the event at the marker, what it led to, and what it rests on.

const DEEPEST = 8; // generations of a trail
const LONGEST = 24; // events of a trail

// Positions by how many steps they lie behind (causes) or ahead (effects).
function trailOf(position) {
  const told = history();
  const reach = (next) => {
    const found = new Map();
    let edge = [position];
    for (let depth = 1; depth <= DEEPEST && edge.length && found.size < LONGEST; depth++) {
      const ahead = [];
      for (const from of edge) {
        for (const other of next(told, from)) {
          if (found.has(other) || found.size >= LONGEST || (state.hidden && other > state.position)) continue;
          found.set(other, depth);
          ahead.push(other);
        }
      }
      edge = ahead;
    }
    return found;
  };
  const note = DATA.kinds.indexOf('Note'); // it is about an event, which did not bring it about
  const led = (of, from) => effectsOf(of, from).filter((other) => told.kind[other - 1] !== note);
  return { causes: reach(causesOf), effects: reach(led) };
}

function movedWhy() {
  const event = eventAt(history(), state.position);
  const { causes, effects } = list.trail;
  byId('why').replaceChildren(
    h('p', { class: 'meta' }, mark(event.origin), h('b', { text: event.kind }), h('span', { text: `#${count(event.position)}` }),
      h('span', { text: `${longDate(event.moment, JULIAN)}, ${clockOf(event.moment)}` })),
    h('p', { class: 'headline', text: gist(event) }),
    facts(event),
    chain('Because of', causes, event.origin === 'recorded' ? 'Nothing in the log came before it: it is told as it is, or opens the history.' : 'It names no event of the log as its cause.'),
    chain('What it led to', effects, state.hidden ? 'Nothing so far.' : 'Nothing in the log names it as a cause.'),
  );
  if (over.laid) markTrail();
}

function facts(event) {
  const told = event.told ?? {};
  const rows = [
    ['Who', [event.from && nameOf(event.from), event.to && nameOf(event.to)].filter(Boolean).join(' → ')],
    ['Money', event.rung ? `${money(event.amount, STORY)} ${event.rung}` : sumOf(event)],
    ['Known from', told.known ? longDate(told.known, JULIAN) : ''],
    ['In words', told.stated ? `${money(told.stated, STORY)} was said; it posts nothing` : ''],
    ['Quantity', told.quantity ? `${told.quantity} ${told.unit ?? ''}${told.per ? ` a ${told.per}` : ''}` : ''],
    ...repriced(event),
    ...leftOpen(event),
    ['Status', told.status && told.status !== 'firm' ? told.status : ''],
    ['Source', told.source],
    ['Address', told.url ? link(told.url) : ''],
    ['Confidence', told.confidence ? `${told.confidence}; rank of the source: ${told.rank}` : ''],
    ['With', (told.participants ?? []).join(', ')],
    ['Narrative', told.narrative ? STORY.narratives[told.narrative] ?? told.narrative : ''],
    ['Note', told.note],
    ['Shares', event.fact?.shares || event.fact?.pledged || event.fact?.stake ? count(event.fact.shares ?? event.fact.pledged ?? event.fact.stake) : ''],
    ['Lacked', event.kind === 'Refusal' && event.fact ? lacked(event.fact) : ''],
    ['Reason', event.fact?.reason],
    ['Caption', captionsOf(history()).filter(({ at }) => at === event.position).map(({ text, by }) => `${text} (${by})`).join(' · ')],
    ['Whose', event.origin === 'recorded' ? '' : `${event.origin}, by ${nameOf(event.actor)}`],
    ['Fields', event.fact || PRICED.has(event.kind) ? '' : 'left out of this page, which is too long to carry them; `narrative show` has them.'],
  ];
  return h('dl', {}, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [
    h('dt', { text: name }), value instanceof Node ? h('dd', {}, value) : h('dd', { text: value })]));
}

function lacked({ needed, held, account }) {
  const text = DATA.in_money.includes(account ?? 'cash') ? (value) => money(value, STORY) : count;
  return `${text(needed)} was needed${account ? ` in ${account.replaceAll('_', ' ')}` : ''}, ${text(held)} was there`;
}

// A repricing beside what was observed of it, as `replay` has it.
function repriced(event) {
  if (event.kind !== 'Repricing' || !event.amount) return [];
  const step = Math.expm1(event.amount / 1e9);
  const seen = history().observed(event.position);
  if (seen === undefined) return [['Model', change(step)], ['Observed', DATA.missing ? 'observations not found' : 'no observation']];
  const [cause] = causesOf(history(), event.position);
  const entry = eventAt(history(), cause).told?.entry;
  const fitted = DATA.fitted.includes(entry) ? ', fitted on this' : '';
  const [part, moment] = seen;
  const day = shortDate(moment, JULIAN);
  return [['Model', change(step)], ['Observed', `${change(part)} on ${day}, error ${points(step - part)}${fitted}`]];
}

// What the news does not explain of a close, by name.
function leftOpen(event) {
  const parts = event.kind === 'Residual' && history().leftOpen(event.position);
  if (!parts) return [];
  return ['Market', 'Sector', 'Its own'].map((name, i) => [name, change(Math.expm1(parts[i] / 1e6))]);
}

function chain(title, found, none) {
  if (!found.size) return h('div', {}, h('h3', { text: title }), h('p', { class: 'remark', text: none }));
  const items = [...found].map(([position, depth]) => {
    const event = eventAt(history(), position);
    const item = h('li', {}, h('button', { type: 'button', class: 'to', 'data-to': position, onclick: () => { playing.stop(); go(position, { push: true }); } },
      mark(event.origin), h('span', { class: 'when', text: shortDate(event.moment, JULIAN) }), h('span', { class: 'what', text: gist(event) }),
      h('span', { class: 'sum', text: sumOf(event) })));
    item.style.setProperty('--depth', Math.min(depth - 1, 4));
    return item;
  });
  const where = 'Marked at the top of the chart.';
  const more = h('p', { class: 'remark', text: found.size >= LONGEST ? `The nearest ${LONGEST} are shown. ${where}` : where });
  return h('div', {}, h('h3', { text: title }), h('ol', { class: 'chain' }, ...items), more);
}

// The trail on the chart: a stroke for each event of it.
function markTrail() {
  const { causes, effects } = list.trail;
  const strokes = [...causes.keys(), ...effects.keys()].map((position) => {
    const stroke = h('i', { class: causes.has(position) ? 'cause' : 'effect' });
    stroke.style.left = `${xOf(history().moment[position - 1])}px`;
    return stroke;
  });
  for (const { at } of captionsOf(history())) {
    if (state.hidden && at > state.position) continue;
    const pin = h('i', { class: 'pin', text: '✎' });
    pin.style.left = `${xOf(history().moment[at - 1])}px`;
    strokes.push(pin);
  }
  overlay.trail.replaceChildren(...strokes);
}

panels.push({ moment: movedWhy });
