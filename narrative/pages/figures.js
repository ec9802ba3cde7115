// Numbers as people write them: the same as narrative/figures.py, held to it by a test.

const UNKNOWN = '–';
const MINUS = '−';
const SIGNS = { USD: '$', GBP: '£', EUR: '€' };
const SCALES = [[1e12, ' tn'], [1e9, ' bn'], [1e6, ' m'], [1e3, ' k']];

// Python rounds a tie to the even neighbour and JavaScript away from it: 0.125 is 0.12 here.
function fixed(number, decimals) {
  const text = number.toFixed(decimals);
  const scaledUp = number * 10 ** decimals;
  if (Math.abs(scaledUp - Math.floor(scaledUp) - 0.5) > 1e-3) return text; // no tie, nor near one
  const exact = number.toFixed(Math.min(decimals + 30, 100));
  const rest = exact.slice(exact.indexOf('.') + 1 + decimals);
  if (!/^50*$/.test(rest)) return text;
  const below = exact.slice(0, exact.indexOf('.') + 1 + decimals).replace(/\.$/, '');
  return Number(below.at(-1)) % 2 ? text : below;
}

function grouped(text) {
  const [whole, part] = text.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? groups : `${groups}.${part}`;
}

function figured(number, figures) {
  const decimals = Math.max(figures - String(Math.trunc(number)).length, 0);
  const text = grouped(fixed(number, decimals));
  return decimals ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

function scaled(whole, figures) {
  for (const [least, name] of SCALES) {
    if (whole >= least || figured(whole * 1000 / least, figures) === '1,000') {
      return figured(whole / least, figures) + name;
    }
  }
  return figured(whole, figures);
}

// `value` is in the smallest unit, as the log has it; `unit` says of which currency.
function money(value, unit, figures = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  const sign = SIGNS[unit.currency] ?? (unit.currency ? `${unit.currency} ` : '');
  return (value < 0 ? MINUS : '') + sign + scaled(Math.abs(value) / 10 ** unit.digits, figures);
}

function share(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (value && Math.abs(value) < 0.005) return value > 0 ? '< 1 %' : `> ${MINUS}1 %`;
  return `${value < 0 ? MINUS : ''}${fixed(Math.abs(value) * 100, 0)} %`;
}

// From the least to the greatest, in per cent: 10–43 %, −21 to −17 %.
function span(ends) {
  if (!ends) return UNKNOWN;
  const [low, high] = ends.map((end) => fixed(Math.abs(end) * 100, 0)).map((text, i) => (ends[i] < 0 && text !== '0' ? MINUS + text : text));
  if (low === high) return `${low} %`;
  return low.startsWith(MINUS) ? `${low} to ${high} %` : `${low}–${high} %`;
}

function change(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const tenths = Number(fixed(Math.abs(value * 1000), 0));
  const sign = tenths === 0 ? '±' : value > 0 ? '+' : MINUS;
  return `${sign}${fixed(tenths / 10, 1)} %`;
}

function points(value) {
  return value === null || value === undefined ? UNKNOWN : `${change(value).replace(/ %$/, '')} points`;
}

function count(number) {
  return grouped(String(number));
}
