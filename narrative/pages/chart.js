// The chart: drawn by uPlot once, then only overlays move. The marker never redraws a line.

const plot = byId('plot');
const over = { chart: null, drawn: [], range: null };
const layer = (name) => h('div', { class: name, 'aria-hidden': 'true' });
const overlay = { veil: layer('veil'), marker: layer('marker'), dots: layer('dots'), trail: layer('trail'), labels: layer('labels') };

const LOG_FROM = 8; // the largest over the smallest from which a scale opens as logarithmic

function extent(until = SPAN.to) {
  const end = upTo(MOMENTS, until);
  let low = Infinity;
  let high = 0;
  const take = (value) => {
    if (value > 0 && value < low) low = value;
    if (value > high) high = value;
  };
  for (const line of over.drawn) {
    for (let i = 0; i < end; i++) { take(line.values[i]); if (line.base) take(line.base[i]); if (line.told && i < line.closed) take(line.told[i]); }
    if (charted().observed) (DATA.observed[line.actor] ?? []).forEach(([at, v]) => at <= until && take(v * MILLION));
  }
  return [low === Infinity ? 0 : low, high];
}

function logarithmic() {
  if (!charted().logable) return false;
  if (state.log !== null) return state.log;
  const [low, high] = extent(Math.min(horizon(), SPAN.to));
  return low > 0 && high / low > LOG_FROM;
}

// The scale's ends: round, so that hiding the future moves them rarely and tells little.
function rangeOf(log) {
  const [low, high] = extent(Math.min(horizon(), SPAN.to));
  if (log) return [low / 1.25 || 1, high * 1.25 || 10];
  if (!high) return [0, 1];
  const step = 10 ** Math.floor(Math.log10(high)) / 2;
  const top = Math.ceil(high * 1.04 / step) * step;
  return [0, !charted().money && high <= 1 ? Math.min(top, 1) : top]; // no share is more than the whole
}

function ticksOf(low, high, log, room) {
  const found = [];
  if (!log) {
    const raw = (high - low) / room;
    const size = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((n) => n * size).find((n) => n >= raw);
    for (let at = Math.ceil(low / step) * step; at <= high * 1.0001; at += step) found.push(at);
    return found;
  }
  const each = Math.log10(high / low) > room / 2 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const n of each) if (n * 10 ** power >= low && n * 10 ** power <= high) found.push(n * 10 ** power);
  }
  return found;
}

// A label that would stand twice is no tick; where nothing is drawn only nought is one.
function tickLabels(splits) {
  const said = splits.map((value) => (value ? written(value) : charted().money ? '0' : '0 %'));
  return said.map((text, i) => (said.indexOf(text) < i || (i && !extent(Math.min(horizon(), SPAN.to))[1]) ? '' : text));
}

const BOLD = 3; // pixels of a line of closes on record
const part = (column, from, to = column.length) => column.map((value, i) => (i >= from && i < to ? value : null));
const gapped = (column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value));

function drawChart() {
  over.chart?.destroy();
  over.drawn = lines();
  const log = logarithmic();
  const floor = (column) => (log ? gapped(column).map((v) => (v > 0 ? v : null)) : gapped(column));
  Object.assign(over, { range: rangeOf(log), laid: false, placed: null });
  const narrow = plot.clientWidth < 560;
  const data = [Array.from(MOMENTS)];
  const series = [{}];
  const bands = [];
  for (const line of over.drawn) {
    if (line.told) {
      data.push(part(floor(line.told), 0, line.closed));
      series.push({ stroke: line.colour, width: 1, fill: `${line.colour}1f`, fillTo: over.range[0], points: { show: false } });
    }
    if (line.closed) {
      data.push(part(floor(line.values), 0, line.closed));
      series.push({ stroke: line.colour, width: BOLD, points: { show: false } });
    }
    data.push(line.closed ? part(floor(line.values), line.closed - 1) : floor(line.values));
    series.push({ stroke: line.colour, width: line.closed ? 1 : 2, dash: line.dash, points: { show: false } });
    if (!line.base) continue;
    data.push(floor(line.base));
    series.push({ stroke: line.colour, width: 1, dash: [2, 2], points: { show: false } });
    const pair = [series.length - 2, series.length - 1];
    const fill = `${line.colour}2e`;
    bands.push({ series: pair, fill }, { series: [pair[1], pair[0]], fill });
  }
  over.chart = new uPlot(options(log, series, bands, narrow), data, plot);
  over.chart.over.append(overlay.trail, overlay.veil, overlay.marker, overlay.dots);
  over.chart.root.querySelector('.u-wrap').append(overlay.labels);
  overlay.dots.replaceChildren(...over.drawn.map((line) => {
    const dot = h('i');
    dot.style.background = line.colour;
    return dot;
  }));
  overlay.labels.replaceChildren(...over.drawn.map((line) => {
    const label = h('span', { text: line.label });
    label.style.color = line.colour;
    return label;
  }));
  dragged(over.chart.over, (pointer) => over.chart.posToVal(
    pointer.clientX - over.chart.over.getBoundingClientRect().left, 'x'));
  titled(log);
}

// As wide as the longest label, within reason.
function labelRoom(narrow) {
  const pen = byId('ticks').getContext('2d');
  pen.font = `600 ${narrow ? 12 : 13}px system-ui, sans-serif`;
  const widest = Math.max(60, ...over.drawn.map((line) => pen.measureText(line.label).width));
  const room = Math.min(widest + 16, narrow ? 100 : 190);
  overlay.labels.style.setProperty('--room', `${room - 8}px`);
  return room;
}

function options(log, series, bands, narrow) {
  const axis = { stroke: colour('--soft'), font: '12px system-ui, sans-serif', ticks: { show: false }, gap: 4 };
  const line = { stroke: colour('--line'), width: 1 };
  const room = Math.max(3, Math.floor(plot.clientWidth / 90));
  return {
    width: plot.clientWidth,
    height: narrow ? 300 : Math.min(460, Math.max(360, Math.round(plot.clientWidth * 0.48))),
    padding: [14, labelRoom(narrow), 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [SPAN.from, SPAN.to] },
      y: { distr: log ? 3 : 1, log: 10, range: () => over.range },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 32, gap: 9,
        splits: () => axisMoments(SPAN.from, SPAN.to, room, JULIAN).map(([at]) => at),
        values: () => axisMoments(SPAN.from, SPAN.to, room, JULIAN).map(([, label]) => label) },
      { ...axis, grid: line, size: narrow ? 56 : 60,
        splits: () => ticksOf(...over.range, log, 6),
        values: (_, splits) => tickLabels(splits),
        filter: (_, splits) => splits },
    ],
    series,
    bands,
    hooks: { draw: [rings, placeMarks] }, // uPlot lays out a little later than it is asked to
  };
}

// Observed market values: rings beside the model's line.
function rings(chart) {
  if (!charted().observed) return;
  const pen = chart.ctx;
  const ratio = window.devicePixelRatio || 1;
  pen.save();
  pen.beginPath();
  pen.rect(chart.bbox.left, chart.bbox.top, chart.bbox.width, chart.bbox.height); // what the veil covers, and no more
  pen.clip();
  pen.setLineDash([]); // whatever the last line left behind
  pen.lineWidth = 1.5 * ratio;
  pen.fillStyle = colour('--paper');
  for (const line of over.drawn) {
    pen.strokeStyle = line.colour;
    for (const [at, value] of DATA.observed[line.actor] ?? []) {
      if (at < SPAN.from || at > SPAN.to) continue;
      pen.beginPath();
      pen.arc(chart.valToPos(at, 'x', true), chart.valToPos(value * MILLION, 'y', true), (plot.clientWidth < 560 ? 2.2 : 3.2) * ratio, 0, 7);
      pen.fill();
      pen.stroke();
    }
  }
  pen.restore();
}

function titled(log) {
  const chart = charted();
  say(byId('chart-title'), chart.logable ? `${chart.title}, ${log ? 'logarithmic' : 'linear'}` : chart.title);
  const seen = !chart.observed || over.drawn.some((line) => observedSoFar(line.actor).length);
  plot.classList.toggle('bare', !over.drawn.length);
  say(byId('chart-remark'), !over.drawn.length ? `Nobody has such a figure${state.hidden ? ' so far' : ''}.` : seen ? chart.remark : chart.remark.replace(/; rings.*?\./, DATA.quoted ? '.' : '; there is no observation.'));
  byId('scale').hidden = !chart.logable;
  say(byId('scale'), log ? 'Linear scale' : 'Logarithmic scale');
  byId('scale').onclick = () => choose({ log: !log });
  byId('versus').hidden = state.branch === 0;
  say(byId('versus'), state.compare ? `Without ${HISTORIES[0].name}` : `Beside ${HISTORIES[0].name}`);
  const told = over.drawn.some((line) => line.told);
  const bold = over.drawn.some((line) => line.closed) ? `bold: closes on record${told ? ' · thin, shaded under it: with news, policy and new shares alone' : ''}` : '';
  say(byId('chart-legend'), comparing() ? `thick: ${history().name} · dotted: ${HISTORIES[0].name} · shaded: the gap` : bold);
}

// Where a moment lies across the chart, in pixels of the plot.
const xOf = (moment) => over.box.width * (moment - SPAN.from) / (SPAN.to - SPAN.from || 1);

// Everything that time moves on the chart.
function movedMarker() {
  const range = state.hidden ? rangeOf(logarithmic()) : over.range;
  if (range.some((end, i) => end !== over.range[i])) {
    over.range = range;
    over.chart.setScale('y', { min: range[0], max: range[1] });
  } else if (over.laid) placeMarks();
}

function placeMarks() {
  const { chart } = over;
  if (!over.laid) {
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = chart.over;
    Object.assign(over, { laid: true, box: { left, top, width, height } }); // asking at each step costs a layout
    markTrail();
  }
  const x = xOf(state.moment);
  overlay.marker.style.transform = `translateX(${x}px)`;
  overlay.veil.style.left = `${x + 1}px`;
  const index = upTo(MOMENTS, state.moment) - 1;
  over.drawn.forEach((line, i) => {
    const dot = overlay.dots.children[i];
    dot.hidden = !(line.values[index] >= over.range[0]);
    if (!dot.hidden) dot.style.transform = `translate(${x}px, ${chart.valToPos(line.values[index], 'y')}px)`;
  });
  placeLabels(state.hidden ? x : null, index);
}

const LINE = 16; // pixels that a label is high

// Ends of lines far enough apart for their labels, none below the lowest.
function spread(ends, lowest) {
  const found = [...ends].sort((a, b) => a.y - b.y);
  found.forEach((end, i) => { if (i) end.y = Math.max(end.y, found[i - 1].y + LINE); });
  for (let i = found.length - 1; i >= 0; i--) {
    found[i].y = Math.min(found[i].y, i === found.length - 1 ? lowest : found[i + 1].y - LINE);
  }
  return found;
}

// A label stands where its line ends, or at the marker while the future is hidden; none on another.
function placeLabels(x, index) {
  const { chart } = over;
  if (x === null && over.placed === chart) return; // the ends stay where they are
  const { box } = over;
  const ends = over.drawn.map((line, i) => {
    let at = x === null ? MOMENTS.length - 1 : index;
    while (at > 0 && !(line.values[at] >= over.range[0])) at--;
    return { i, y: chart.valToPos(Math.max(line.values[at] || 0, over.range[0]), 'y') };
  });
  const left = box.left + (x === null ? box.width : x) + 8;
  for (const { i, y } of spread(ends, box.height - 2)) {
    overlay.labels.children[i].style.transform = `translate(${left}px, ${box.top + y - LINE / 2}px)`;
  }
  over.placed = x === null ? chart : null;
}

for (const name of CHARTS) {
  byId('tabs').append(h('button', {
    type: 'button', 'data-chart': name, text: KINDS_OF_CHART[name].tab, onclick: () => choose({ chart: name }),
  }));
}
byId('versus').addEventListener('click', () => choose({ compare: !state.compare }));
panels.push({
  rebuild() {
    for (const tab of byId('tabs').children) tab.setAttribute('aria-pressed', tab.dataset.chart === state.chart);
    drawChart();
  },
  known: () => `${shownActors()} ${logarithmic()} ${over.drawn.some((line) => observedSoFar(line.actor).length)}`,
  moment: movedMarker,
});
