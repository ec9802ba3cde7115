// Taking a chart along: its figures as CSV, its picture as SVG or PNG. Made here, sent nowhere.

const SHEET = { width: 960, height: 620, left: 74, top: 84, right: 200, bottom: 78 };

const fileName = (what, ending) => `${[STORY.id, history().name, what, `${state.position}`].join('-').replace(/[^\w-]+/g, '-')}.${ending}`;

function handOut(name, blob) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A name that begins like a formula must stay a name in a spreadsheet.
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csv = (rows) => `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
const stamped = (moment) => `${dateOf(moment, JULIAN).map((part) => String(part).padStart(2, '0')).join('-')} ${clockOf(moment)}`;

// Sums in whole units of the currency, shares as parts of one; what was observed stands at its own moments.
function chartRows() {
  const unit = charted().money ? 10 ** STORY.digits : 1;
  const number = (value) => (value === undefined || Number.isNaN(value) ? '' : value / unit);
  const columns = over.drawn.flatMap(({ actor, part, values, base }) => {
    const who = `${NAMES.get(actor)}${part ? `, ${part}` : ''}`;
    const seen = new Map(charted().observed ? observedSoFar(actor).map(([at, value]) => [at, value * MILLION]) : []);
    return [[`${who}, ${history().name}`, (i) => number(values[i])],
      ...(base ? [[`${who}, ${HISTORIES[0].name}`, (i) => number(base[i])]] : []),
      ...(seen.size ? [[`${who}, observed`, (i) => number(seen.get(MOMENTS[i]))]] : [])];
  });
  const until = upTo(MOMENTS, Math.min(horizon(), SPAN.to));
  const rows = Array.from(MOMENTS.subarray(0, until), (at, i) => [stamped(at), ...columns.map(([, value]) => value(i))]);
  return [[`moment, ${charted().title}${charted().money ? ` in ${STORY.currency}` : ''}`, ...columns.map(([name]) => name)], ...rows];
}

function arrowRows() {
  const rows = drawn.alive.map(({ one: { strand }, sum }) => [NAMES.get(strand.from), NAMES.get(strand.to), RUNGS[strand.rung],
    ORIGINS[strand.origin], sum / 10 ** STORY.digits]);
  return [['from', 'to', 'rung', 'origin', `${STORY.currency} up to ${stamped(state.moment)}`], ...rows];
}

const lettered = (size, more = {}) => ({ 'font-family': 'system-ui, Arial, sans-serif', 'font-size': size, fill: colour('--soft'), ...more });

// A sheet of paper with a title above and the source below, as it may be printed.
function sheet({ width, height }, title, remark, ...parts) {
  const stands = `${history().name} ${history().digest.slice(0, 16)} at ${longDate(state.moment, JULIAN)}. A replay, not a forecast and not advice.`;
  return s('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` },
    s('rect', { width, height, fill: colour('--paper') }),
    s('text', { x: 16, y: 34, ...lettered(22, { 'font-family': 'Georgia, serif', 'font-weight': 700, fill: colour('--ink') }), text: shortened(title, width - 32, 24) }),
    s('text', { x: 16, y: 56, ...lettered(13), text: remark }), ...parts,
    s('text', { x: 16, y: height - 28, ...lettered(11), text: shortened(cited(), width - 32, 11) }),
    s('text', { x: 16, y: height - 12, ...lettered(11), text: stands }));
}

function chartPicture() {
  const { left, top } = SHEET;
  const [right, bottom] = [SHEET.width - SHEET.right, SHEET.height - SHEET.bottom];
  const log = logarithmic();
  const bend = log ? Math.log : Number;
  const [low, high] = over.range.map(bend);
  const x = (moment) => left + (right - left) * (moment - SPAN.from) / (SPAN.to - SPAN.from || 1);
  const y = (value) => bottom - (bottom - top) * (bend(value) - low) / (high - low);
  const ticks = ticksOf(...over.range, log, 6);
  const grid = tickLabels(ticks).flatMap((text, i) => [
    s('line', { x1: left, x2: right, y1: y(ticks[i]), y2: y(ticks[i]), stroke: colour('--line') }),
    s('text', { x: left - 6, y: y(ticks[i]) + 4, ...lettered(12, { 'text-anchor': 'end' }), text })]);
  const dates = axisMoments(SPAN.from, SPAN.to, 8, JULIAN).map(([at, text]) => s('text', { x: x(at), y: bottom + 20, ...lettered(12), text }));
  const until = upTo(MOMENTS, Math.min(horizon(), SPAN.to));
  const drawnTo = (values, from = 0, to = until) => {
    let pen = 'M';
    return Array.from(values.subarray(from, Math.min(to, until)), (value, k) => {
      const i = from + k;
      if (!(log ? value > 0 : value >= 0)) { pen = 'M'; return ''; }
      const step = `${pen}${x(MOMENTS[i]).toFixed(1)},${y(value).toFixed(1)}`;
      pen = 'L';
      return step;
    }).join('');
  };
  // What is explained of a value: a thin line, shaded down to the foot.
  const toldPaths = (d, ink) => {
    const ends = d.match(/[\d.]+(?=,)/g);
    const area = ends && `${d}L${ends.at(-1)},${bottom}L${ends[0]},${bottom}Z`;
    return ends ? [s('path', { d: area, fill: ink, 'fill-opacity': 0.12 }), s('path', { d, fill: 'none', stroke: ink })] : [];
  };
  const ends = spread(over.drawn.map(({ values }, i) => ({ i, y: y(values.subarray(0, until).findLast((v) => v >= over.range[0]) ?? over.range[0]) })), bottom);
  const strokes = over.drawn.flatMap(({ values, base, colour: ink, dash, actor, told, closed }) => [
    ...(told ? toldPaths(drawnTo(told, 0, closed), ink) : []),
    closed && s('path', { d: drawnTo(values, 0, closed), fill: 'none', stroke: ink, 'stroke-width': BOLD }),
    base && s('path', { d: drawnTo(base), fill: 'none', stroke: ink, 'stroke-dasharray': '2 2' }),
    s('path', { d: drawnTo(values, Math.max(closed - 1, 0)), fill: 'none', stroke: ink, 'stroke-width': closed ? 1 : 2, 'stroke-dasharray': dash.join(' ') || 'none' }),
    ...(charted().observed ? observedSoFar(actor).map(([at, value]) => s('circle', { cx: x(at), cy: y(value * MILLION), r: 3, fill: colour('--paper'), stroke: ink, 'stroke-width': 1.5 })) : [])]);
  const names = ends.map(({ i, y: at }) => s('text', { x: (state.hidden ? x(state.moment) : right) + 8, y: at + 4, ...lettered(13, { 'font-weight': 600, fill: over.drawn[i].colour }), text: shortened(over.drawn[i].label, SHEET.right - 12, 13) }));
  return sheet(SHEET, byId('chart-title').textContent, byId('chart-remark').textContent, ...grid, ...dates, ...strokes, ...names);
}

const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'opacity', 'font', 'paint-order', 'text-anchor', 'display'];

// The circle as it stands, with the looks that its style sheet gives it.
function circlePicture() {
  const copy = ring.cloneNode(true);
  const originals = ring.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((one, i) => {
    const looks = getComputedStyle(originals[i]);
    for (const name of LOOKS) one.style[name] = looks.getPropertyValue(name);
  });
  const legend = 'Dotted: announced; dashed: committed; solid: paid; double: delivered. ● recorded, ◆ modelled, ▲ supposed.';
  filled(copy, { y: 64, width: RING.width, height: RING.height }, []);
  return sheet({ width: Math.max(RING.width, 720), height: RING.height + 112 }, `The circle on ${longDate(state.moment, JULIAN)}`, legend, copy);
}

function handOutPicture(what, picture, ending) {
  const text = new XMLSerializer().serializeToString(picture);
  if (ending === 'svg') return void handOut(fileName(what, ending), new Blob([text], { type: 'image/svg+xml' }));
  const image = new Image();
  image.addEventListener('load', () => {
    const canvas = h('canvas', { width: picture.getAttribute('width') * 2, height: picture.getAttribute('height') * 2 });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => handOut(fileName(what, ending), blob));
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

const TAKEN = [['save-chart', () => state.chart, chartRows, chartPicture], ['save-circle', () => 'circle', arrowRows, circlePicture]];
for (const [id, what, figures, picture] of TAKEN) {
  const ways = [['CSV', () => handOut(fileName(what(), 'csv'), new Blob([csv(figures())], { type: 'text/csv' }))],
    ['SVG', () => handOutPicture(what(), picture(), 'svg')], ['PNG', () => handOutPicture(what(), picture(), 'png')]];
  byId(id).append('Save as ', ...ways.map(([name, onclick]) => h('button', { type: 'button', class: 'quiet', 'data-save': name, 'aria-label': `Save as ${name}`, text: name, onclick })));
}
