// Which lines the chart shows, in which colour and dash: one place, so that chart, table and labels agree.

const KINDS_OF_CHART = {
  valuation: {
    title: 'Market value', tab: 'Value', lines: [['valuation', '']], money: true, logable: true, observed: true,
    remark: DATA.quoted
      ? 'Lines go through the closes on record and are the model between them; rings are what was observed of others. A private company stands at its last round.'
      : 'Lines are the model; rings are what markets were observed to do. A private company stands at its last round.',
  },
  belief: {
    title: 'Belief share of the value', tab: 'Belief', lines: [['belief_share', '']],
    remark: 'The part of a value that goes if the story goes.',
  },
  loan: {
    title: 'Loan to value', tab: 'Loan to value', lines: [['loan_to_value', '']],
    remark: 'Debt secured on pledged shares over what the pledge is worth.',
  },
  output: {
    title: 'Backlog beside delivered', tab: 'Backlog and delivered', lines: [['backlog', 'backlog'], ['delivered', 'delivered']],
    money: true, remark: 'Solid: ordered and not yet delivered. Dashed: delivered so far.',
  },
};
const DASHES = [[], [], [], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [1, 3]];
const SHOWN = 6; // lines a chart opens with
const SHADED = 3; // so many companies have what is explained of them shaded, and a chart of closes opens with them: more hide one another

const charted = () => KINDS_OF_CHART[state.chart];
// Prices on record are what the chart is about: bold as far as they go, with what is explained of them under it.
const recorded = () => history().follows && DATA.quoted && charted().observed && !comparing();
const comparing = () => state.branch > 0 && state.compare;

// Actors of whom this chart has anything to show, in any history looked at; while the future is hidden,
// anything so far, and by name.
function candidates() {
  const names = charted().lines.map(([name]) => name);
  const until = Math.min(horizon(), SPAN.to);
  const known = DATA.actors.filter(({ id }) => lookedAt().some((told) => names.some((name) => sinceWhen(told, name, id) <= until)));
  const last = (id) => Math.max(...names.map((name) => readingAt(history(), name, id, SPAN.to) ?? -1));
  const order = state.hidden ? () => 0 : (a, b) => last(b.id) - last(a.id);
  return known.sort((a, b) => order(a, b) || a.name.localeCompare(b.name)).map(({ id }) => id);
}

// What the reader chose, or those of the circle that moved most; beside the main line, that parted most. While the
// future is hidden the choice must not tell of it: the first of the circle, as the story names them.
function shownActors() {
  const known = candidates();
  const chosen = state.actors?.filter((id) => known.includes(id));
  if (chosen?.length) return chosen;
  const ofCircle = known.filter((id) => DATA.circle.includes(id));
  let pool = ofCircle.length ? ofCircle : known;
  const most = recorded() ? SHADED : SHOWN;
  if (state.hidden) return pool.sort((a, b) => DATA.circle.indexOf(a) - DATA.circle.indexOf(b)).slice(0, most);
  const names = charted().lines.map(([name]) => name);
  const [name] = names;
  const of = (id) => history().series[name][id];
  const main = (id) => HISTORIES[0].series[name][id];
  const gap = (id) => (of(id) && main(id) ? swing(of(id).map((value, i) => value - main(id)[i])) : 0);
  const parted = comparing() ? pool.filter((id) => gap(id) > 0.005 * swing([0, ...of(id)])) : [];
  if (parted.length) pool = parted;
  const moved = new Map(pool.map((id) => [id, parted.length ? gap(id) : Math.max(...names.map((n) => swing(history().series[n][id])))]));
  const picked = [...pool].sort((a, b) => moved.get(b) - moved.get(a)).slice(0, most);
  return pool.filter((id) => picked.includes(id));
}

function swing(column) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of column ?? []) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

// A colour for each actor shown, the same on every chart of a page as long as the choice stands.
function colourOf(actor) {
  const place = shownActors().indexOf(actor);
  return colour(`--line-${(place % 8) + 1}`);
}

// The lines to draw: {actor, name, part, values, base, colour, dash, label}; `closed` is how many of the values stand
// up to the last close on record, and `told` what news and policy alone make of the value until then.
function lines() {
  const shown = shownActors();
  const closes = recorded() ? history().closes : {};
  return shown.flatMap((actor, i) => charted().lines.map(([name, part]) => ({
    actor, name, part,
    values: history().series[name][actor] ?? null,
    base: comparing() ? HISTORIES[0].series[name][actor] ?? null : null,
    closed: closes[actor] ? upTo(MOMENTS, history().moment[closes[actor].at.at(-1) - 1] + 1) : 0,
    told: closes[actor] && shown.length <= SHADED ? history().series.explained[actor] ?? null : null,
    colour: colour(`--line-${(i % 8) + 1}`),
    dash: part === 'delivered' ? [5, 4] : part ? [] : DASHES[i % 8],
    // Where room is short the colour says whose, and a cut name would hide what.
    label: part !== 'delivered' ? nameOf(actor) : plot.clientWidth < 560 ? part : `${nameOf(actor)}, ${part}`,
  }))).filter((line) => line.values?.some((value) => !Number.isNaN(value)));
}

const written = (value) => (charted().money ? money(value, STORY) : share(value));
