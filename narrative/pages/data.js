// The page's data, unpacked: each history as columns and series that share the main line's beginning.

const DATA = JSON.parse(document.getElementById('data').textContent);
// An actor may be called `constructor`: what is looked up by such names inherits nothing.
const bare = (map) => Object.assign(Object.create(null), map);
DATA.observed = bare(DATA.observed);
const STORY = { ...DATA.story, narratives: bare(DATA.story.narratives) };
const JULIAN = STORY.calendar === 'julian';
const ORIGINS = ['recorded', 'modelled', 'supposed'];
const RUNGS = ['announced', 'committed', 'paid', 'delivered'];
const MARKS = { recorded: '●', modelled: '◆', supposed: '▲' };
const SERIES = ['valuation', 'belief_share', 'loan_to_value', 'backlog', 'delivered'];
const SUMS = new Set(['valuation', 'backlog', 'delivered']);
const MILLION = 10 ** (STORY.digits + 6);
const NAMES = new Map(DATA.actors.map((actor) => [actor.id, isolated(actor.name)]));
const SAID = new Map(DATA.actors.map((actor) => [actor.id, isolated(actor.said)]));
const HISTORIES = [];
const MOMENTS = summed(DATA.moments, 0);

for (const raw of DATA.branches) HISTORIES.push(unpacked(raw, HISTORIES[0]));

// A name written from right to left must not turn the numbers beside it around.
function isolated(name) {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name;
}

function nameOf(id) {
  return id === 'outside' ? 'everyone else' : NAMES.get(id) ?? id;
}

function summed(steps, from) {
  let now = from;
  return Float64Array.from(steps, (step) => (now += step));
}

// A column of a history: the main line's up to where they part, then its own.
function joined(Type, base, common, own) {
  const column = new Type(common + own.length);
  if (common) column.set(base.subarray(0, common));
  column.set(own, common);
  return column;
}

function unpacked(raw, base) {
  const { common, events } = raw;
  const numbers = (list) => Float64Array.from(list, (value) => value ?? NaN);
  const causes = base ? base.causes.slice(0, common) : [];
  for (const back of events.causes) causes.push(back);
  const found = {
    name: raw.name, parent: raw.parent, question: raw.question, end: raw.end, digest: raw.digest, until: raw.until, common,
    leftOut: raw.left_out,
    moment: joined(Float64Array, base?.moment, common, summed(events.moment, 0)),
    kind: joined(Uint8Array, base?.kind, common, events.kind),
    origin: joined(Uint8Array, base?.origin, common, events.origin),
    actor: joined(Int32Array, base?.actor, common, events.actor),
    from: joined(Int32Array, base?.from, common, events.from),
    to: joined(Int32Array, base?.to, common, events.to),
    rung: joined(Int8Array, base?.rung, common, events.rung),
    amount: joined(Float64Array, base?.amount, common, numbers(events.amount)),
    causes,
    facts(position) {
      const own = position <= common && base ? base.facts(position) : raw.facts[position];
      return typeof own === 'number' ? base.facts(own) : own; // the same as an event of the main line
    },
    observed: (position) => (position <= common && base ? base.observed(position) : raw.observed[position]),
    follows: raw.follows, // whether its prices are the closes on record
    closes: closesOf(raw, base, common),
    spans: raw.spans.map(([moment, by]) => ({ moment, by: bare(by) })),
    leftOpen: (position) => (position <= common && base ? base.leftOpen(position) : raw.left_open[position]),
    since: new Map(),
    steps: raw.steps.map((own, i) => [...(base ? base.steps[i].filter((p) => p <= common) : []), ...own]),
    series: {},
  };
  found.length = found.moment.length;
  found.first = found.moment[0];
  for (const name of [...SERIES, 'explained', 'totals']) {
    found.series[name] = seriesOf(raw, base, name);
  }
  return found;
}

// Closes on record by actor: their positions, and what the actor was worth at each.
function closesOf(raw, base, common) {
  const found = bare();
  for (const actor of new Set([...Object.keys(raw.closes), ...Object.keys(base?.closes ?? {})])) {
    const before = base?.closes[actor];
    const shared = before ? upTo(before.at, common) : 0;
    const own = raw.closes[actor] ?? { at: [], is: [] };
    found[actor] = {
      at: [...(before?.at.slice(0, shared) ?? []), ...summed(own.at, 0)],
      value: [...(before?.value.slice(0, shared) ?? []), ...own.is.map((value) => value * MILLION)],
    };
  }
  return found;
}

function seriesOf(raw, base, name) {
  const own = bare(raw.series[name]);
  const keys = new Set([...Object.keys(own), ...Object.keys(base?.series[name] ?? {})]);
  const found = bare();
  for (const key of keys) {
    const scale = SUMS.has(name) || name === 'explained' ? MILLION : 1;
    const column = new Float64Array(MOMENTS.length).fill(NaN);
    const before = base?.series[name][key];
    if (before) column.set(before.subarray(0, own[key] ? raw.since : upTo(MOMENTS, raw.until))); // or all the same
    const values = own[key] ?? [];
    if (Array.isArray(values)) {
      values.forEach((value, i) => { column[raw.since + i] = value === null ? NaN : value * scale; });
    } else {
      const lived = upTo(MOMENTS, raw.until);
      values.at.forEach((at, i) => {
        const value = values.is[i] === null ? NaN : values.is[i] * scale;
        column.fill(value, raw.since + at, Math.min(raw.since + (values.at[i + 1] ?? Infinity), lived));
      });
    }
    found[key] = column;
  }
  return found;
}

// How many of an ascending column are not above a value.
function upTo(column, value) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] <= value) low = middle + 1; else high = middle;
  }
  return low;
}

// The moment from which a reading is more than nothing; Infinity where it never is.
function sinceWhen(told, name, key) {
  const id = `${name} ${key}`;
  if (!told.since.has(id)) told.since.set(id, MOMENTS[told.series[name][key]?.findIndex((value) => value > 0) ?? -1] ?? Infinity);
  return told.since.get(id);
}

// A reading as it stood: at the last moment at which it was taken. Null is unknown.
function readingAt(history, name, key, moment) {
  const value = history.series[name][key]?.[upTo(MOMENTS, moment) - 1];
  return value === undefined || Number.isNaN(value) ? null : value;
}

// The last close on record of an actor: what it was worth then, and the moment. Null without one.
function closeAt(told, actor, position) {
  const column = told.closes[actor];
  const index = column ? upTo(column.at, position) - 1 : -1;
  return index < 0 ? null : { value: column.value[index], moment: told.moment[column.at[index] - 1] };
}

function observedAt(actor, moment) {
  const rows = DATA.observed[actor] ?? [];
  const row = rows.findLast((one) => one[0] <= moment);
  return row && moment - row[0] <= DATA.fresh ? { value: row[1] * MILLION, moment: row[0] } : null;
}

function causesOf(history, position) {
  const back = history.causes[position - 1];
  if (Array.isArray(back)) return back.map((step) => position - step);
  return back ? [position - back] : [];
}

// Positions by cause, made when first asked for.
function effectsOf(history, position) {
  if (!history.effects) {
    history.effects = new Map();
    for (let p = 1; p <= history.length; p++) {
      if (history.causes[p - 1] === 0) continue;
      for (const cause of causesOf(history, p)) {
        if (!history.effects.has(cause)) history.effects.set(cause, []);
        history.effects.get(cause).push(p);
      }
    }
  }
  return history.effects.get(position) ?? [];
}

// One event as the list, the trail and the strip show it.
function eventAt(history, position) {
  const i = position - 1;
  const fact = history.facts(position);
  const amount = history.amount[i];
  return {
    position,
    moment: history.moment[i],
    kind: DATA.kinds[history.kind[i]],
    origin: ORIGINS[history.origin[i]],
    actor: DATA.names[history.actor[i]],
    from: DATA.names[history.from[i]] ?? null,
    to: DATA.names[history.to[i]] ?? null,
    rung: RUNGS[history.rung[i]] ?? null,
    amount: Number.isNaN(amount) ? null : amount,
    fact,
    of: history,
    told: fact?.told === undefined ? null : DATA.told[fact.told],
  };
}

const HEADLINES = new Map(DATA.told.map((told) => [told.entry, told.headline]));

// The short sentences of each kind, as narrative/prose/kinds.py has them, each with the fields that it needs.
const HOLE = /\{(\w+)\}/g;
const OPTION = /\[([^\]]*)\]/g;
const holes = (form) => Array.from(form.matchAll(HOLE), (found) => found[1]);
const PHRASES = bare(DATA.phrases);
for (const phrase of Object.values(PHRASES)) {
  phrase.forms = phrase.forms.map((form) => ({ form, needs: holes(form.replace(OPTION, '')) }));
}

// What an event says in one line: the words it was told in, or the first of its kind's sentences of which all is known.
function gist(event) {
  if (event.kind === 'Note') return event.fact.text;
  if (event.told && event.kind !== 'Endowment') return event.told.headline;
  const known = wordsOf(event);
  const { forms } = PHRASES[event.kind];
  const { form } = forms.find(({ needs }) => needs.every((name) => known[name])) ?? forms.at(-1);
  return capital(form.replace(OPTION, (_, option) => (holes(option).every((name) => known[name]) ? option : ''))
    .replace(HOLE, (_, name) => known[name] ?? 'someone'));
}

// The fields of an event's sentence, in words. Who gives and takes is known too of an event that the page does not carry whole.
function wordsOf(event) {
  const { kind, fact } = event;
  const { from, to, acts } = PHRASES[kind];
  const known = bare({ actor: nameIn(event.actor) });
  const parties = fact ?? { [from]: event.from, [to]: event.to };
  for (const field of [from, to]) if (parties[field]) known[field] = nameIn(parties[field], field, field === acts);
  if (fact?.asset) known.asset ??= nameIn(fact.asset);
  // News moves no register: it is the next round that is read anew.
  if (kind === 'Repricing' && event.amount && !(event.moment >= DATA.priced[event.to ?? event.from ?? fact?.asset])) known.asset += "'s next round";
  if (kind === 'Supposition') known.question = supposed(event);
  if (kind === 'Withheld') Object.assign(known, { untold: HEADLINES.get(fact?.entry), entry: fact?.entry });
  if (kind === 'Endowment') known.balance = Object.keys(fact ?? {}).find((name) => name !== 'told' && typeof fact[name] === 'number')?.replaceAll('_', ' ');
  if (kind === 'Split' && fact) Object.assign(known, { holder: fact.holder && nameIn(fact.holder), loan: fact.loan, new: fact.new, old: fact.old });
  if (kind === 'Quote') known.price = closeOf(event);
  if (kind === 'Residual') known.gap = change(Math.expm1(event.amount / 1e9));
  if (kind === 'Repricing' && event.amount) known.change = change(Math.expm1(event.amount / 1e9));
  if (kind === 'Repricing' && !event.amount && fact?.lasting) known.lasts = money(Math.round(Math.expm1(fact.lasting / 1e9) * (fact.value ?? 0)), STORY);
  return known;
}

// A close to the cent; of an index its level, which is no money.
function closeOf({ amount, from }) {
  return STORY.indices.includes(from) ? grouped(fixed(amount / 100, 2)) : money(amount, STORY, 6);
}


// What a sentence calls an actor; whoever is outside, by the role that field gives.
function nameIn(id, field, acts) {
  if (id !== 'outside') return SAID.get(id) ?? id;
  return (DATA.outsiders[field] ?? DATA.outsiders[''])[acts ? 0 : 1];
}

// A name that begins small (xAI) stays as it is.
function capital(text) {
  const first = text.split(' ', 1)[0];
  return first === first.toLowerCase() ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

// The question of the branch that supposed it, which may be one that the branch looked at comes from.
function supposed({ of, position, moment }) {
  const parent = HISTORIES.find((one) => one.name === of.parent && one !== of);
  if (position <= (parent?.length ?? 0) && parent.moment[position - 1] === moment
    && DATA.kinds[parent.kind[position - 1]] === 'Supposition') return supposed({ of: parent, position, moment });
  return of.question;
}

// What comes by the thousand and stands in columns: no rows of the list unless it is asked for.
const PRICED = new Set(['Quote', 'Residual']);
const PRICES = new Set([...PRICED].map((kind) => DATA.kinds.indexOf(kind)));

// The sum beside that line: money where there is money, nothing where the line has it.
function sumOf(event) {
  if (event.amount === null || event.kind === 'Repricing' || PRICED.has(event.kind)) return '';
  return money(event.amount, STORY);
}
