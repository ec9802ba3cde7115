// Moments are whole seconds since 1970 and negative before, in the story's own calendar.

const DAY = 86400;
const EPOCH = 2440588; // the Julian day number of 1970-01-01 Gregorian
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
  'October', 'November', 'December'];
const floored = (a, b) => Math.floor(a / b);

// [year, month, day] of a moment, as narrative/calendar.py has it.
function dateOf(moment, julian) {
  const days = floored(moment, DAY) + EPOCH;
  const shifted = days + 32044;
  const century = julian ? 0 : floored(4 * shifted + 3, 146097);
  let rest = julian ? days + 32082 : shifted - floored(146097 * century, 4);
  const year = floored(4 * rest + 3, 1461);
  rest -= floored(1461 * year, 4);
  const month = floored(5 * rest + 2, 153);
  const day = rest - floored(153 * month + 2, 5) + 1;
  const late = floored(month, 10);
  return [100 * century + year - 4800 + late, month + 3 - 12 * late, day];
}

function momentOf(year, month, day, julian) {
  const late = floored(14 - month, 12);
  const y = year + 4800 - late;
  const base = day + floored(153 * (month + 12 * late - 3) + 2, 5) + 365 * y + floored(y, 4);
  return (base + (julian ? -32083 : floored(y, 400) - floored(y, 100) - 32045) - EPOCH) * DAY;
}

function longDate(moment, julian) {
  const [year, month, day] = dateOf(moment, julian);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

function shortDate(moment, julian) {
  const [year, month, day] = dateOf(moment, julian);
  return `${day} ${MONTHS[month - 1].slice(0, 3)} ${year}`;
}

function clockOf(moment) {
  const second = ((moment % DAY) + DAY) % DAY;
  const two = (number) => String(number).padStart(2, '0');
  return `${two(floored(second, 3600))}:${two(floored(second, 60) % 60)}`;
}

// Round moments between two ends for an axis with room for so many: [moment, label, whether a year begins].
function axisMoments(from, to, room, julian) {
  const months = (to - from) / (30.44 * DAY);
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].find((size) => months / size <= room) ?? 1200;
  if (months < 2) return dayMoments(from, to, room, julian);
  const found = [];
  let [year, month] = dateOf(from, julian);
  month = step < 12 ? month - ((month - 1) % step) : 1;
  if (step >= 12) year -= year % (step / 12);
  for (;; month += step) {
    const at = momentOf(year + floored(month - 1, 12), ((month - 1) % 12) + 1, 1, julian);
    if (at > to) return found;
    const [y, m] = dateOf(at, julian);
    const label = step >= 12 || m === 1 ? String(y) : MONTHS[m - 1].slice(0, 3);
    if (at >= from) found.push([at, label, m === 1]);
  }
}

function dayMoments(from, to, room, julian) {
  const step = Math.max(1, Math.ceil((to - from) / DAY / room)) * DAY;
  const found = [];
  for (let at = Math.ceil(from / DAY) * DAY; at <= to; at += step) {
    found.push([at, shortDate(at, julian).replace(/ \d+$/, ''), false]);
  }
  return found;
}
