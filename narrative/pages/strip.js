// The scrubber: every event a tick in its family's lane, dense where there are many; one hand over it.

const LANES = [
  ['words', ['Announcement', 'Retraction', 'Lapse', 'Delay', 'Note', 'Supposition', 'Withheld', 'Outcome', 'Report', 'Fiscal']],
  ['orders', ['Order', 'Delivery', 'Cancellation', 'Payment', 'Sale']],
  ['capital', ['Investment', 'Issue', 'Trade', 'Writedown', 'Dividend', 'Funding', 'Endowment', 'Opening', 'Guarantee']],
  ['debt', ['Loan', 'Pledge', 'Release', 'Interest', 'Repayment', 'MarginCall', 'Cure', 'Liquidation', 'Default',
    'Clearing', 'Filing', 'Emergence', 'Shortfall', 'ShareLoan', 'ShareReturn', 'OpenLoan', 'PolicyRate', 'Liquidity', 'Refusal']],
  ['prices', ['Quote', 'Repricing', 'Residual', 'Split', 'Result']],
];
const LANE_OF = DATA.kinds.map((kind) => Math.max(LANES.findIndex(([, kinds]) => kinds.includes(kind)), 0));
const strip = byId('strip');
const SPAN = { from: MOMENTS[0], to: MOMENTS.at(-1) };
const fit = { width: 1, left: 0 };

const across = (moment) => fit.left + (fit.width - fit.left) * (moment - SPAN.from) / (SPAN.to - SPAN.from || 1);
const momentAcross = (x) => SPAN.from + (SPAN.to - SPAN.from) * (x - fit.left) / (fit.width - fit.left || 1);

function drawTicks() {
  const canvas = byId('ticks');
  const box = strip.getBoundingClientRect();
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  fit.width = box.width - 5;
  fit.left = box.width > 640 ? 52 : 5;
  canvas.width = box.width * ratio;
  canvas.height = box.height * ratio;
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  const axis = 16;
  const lane = (box.height - axis) / LANES.length;
  drawDates(pen, box, axis);
  pen.font = '11px system-ui, sans-serif';
  pen.textBaseline = 'middle';
  pen.fillStyle = colour('--soft');
  if (fit.left > 5) LANES.forEach(([name], i) => pen.fillText(name, 0, (i + 0.5) * lane));
  const ticks = tickCounts();
  const inks = ORIGINS.map((origin) => colour(`--${origin}`));
  for (const [[row, origin, x], number] of ticks) {
    const weight = Math.min(Math.log2(1 + number) / 5, 1); // by a fixed measure: a tick tells of no other
    pen.fillStyle = inks[origin];
    pen.globalAlpha = 0.5 + 0.5 * weight;
    const height = (lane - 2) * (0.45 + 0.55 * weight);
    pen.fillRect(x - 0.75, row * lane + (lane - height) / 2, 1.5, height);
  }
  pen.globalAlpha = 1;
}

// How many events fall on each pixel of each lane: so a hundred thousand cost what can be seen.
function tickCounts() {
  const told = history();
  const columns = Math.ceil(fit.width) + 2;
  const counts = new Uint32Array(LANES.length * 3 * columns);
  for (let i = 0; i < told.length; i++) {
    const x = Math.round(across(told.moment[i]));
    counts[(LANE_OF[told.kind[i]] * 3 + told.origin[i]) * columns + x]++;
  }
  const found = [];
  counts.forEach((number, i) => {
    if (number) found.push([[Math.floor(i / columns / 3), Math.floor(i / columns) % 3, i % columns], number]);
  });
  return found;
}

function drawDates(pen, box, axis) {
  pen.font = '11px system-ui, sans-serif';
  pen.textBaseline = 'bottom';
  for (const [at, label, year] of axisMoments(SPAN.from, SPAN.to, fit.width / 70, JULIAN)) {
    const x = across(at);
    pen.fillStyle = colour('--line');
    pen.fillRect(x, 0, 1, box.height - axis + 4);
    pen.fillStyle = colour(year ? '--ink' : '--soft');
    if (x + pen.measureText(label).width + 3 < box.width) pen.fillText(label, x + 3, box.height);
  }
}

// What the hand, the veil and the words beside them say of this moment.
function movedHand() {
  const told = history();
  const x = across(state.moment);
  byId('hand').style.transform = `translateX(${x}px)`;
  byId('strip-veil').style.transform = `translateX(${x + 1}px)`;
  const event = eventAt(told, state.position);
  const total = state.hidden ? '' : ` of ${count(told.length)}`;
  say(byId('date'), longDate(state.moment, JULIAN));
  say(byId('what'), `#${count(state.position)}${total}`);
  strip.setAttribute('aria-valuemax', state.hidden ? state.position : told.length);
  strip.setAttribute('aria-valuenow', state.position);
  const words = `${longDate(state.moment, JULIAN)}, event ${count(state.position)}${total}: ${gist(event)}`;
  strip.setAttribute('aria-valuetext', words);
}

// The end of the day after this one, or the next event where nothing happens in it.
function byDay(direction) {
  const told = history();
  const to = positionAt(state.moment + direction * DAY);
  if (to !== state.position) return to;
  return Math.min(Math.max(state.position + direction, 1), told.length);
}

const KEYS = {
  ArrowRight: (shift) => (shift ? byDay(1) : state.position + 1),
  ArrowUp: () => state.position + 1,
  ArrowLeft: (shift) => (shift ? byDay(-1) : state.position - 1),
  ArrowDown: () => state.position - 1,
  PageUp: () => state.position + Math.max(1, Math.round(history().length / 20)),
  PageDown: () => state.position - Math.max(1, Math.round(history().length / 20)),
  Home: () => 1,
  End: () => history().length,
};

strip.addEventListener('keydown', (key) => {
  if (key.key === ' ') {
    key.preventDefault();
    return void playing.toggle();
  }
  if (!KEYS[key.key] || key.ctrlKey || key.metaKey || key.altKey) return;
  key.preventDefault();
  playing.stop();
  go(KEYS[key.key](key.shiftKey));
});

// The event nearest to where a pointer is.
function nearest(moment) {
  const told = history();
  const before = positionAt(moment);
  if (before >= told.length) return told.length;
  const after = before + 1;
  if (moment - told.moment[before - 1] <= told.moment[after - 1] - moment) return before;
  return positionAt(told.moment[after - 1]); // the whole moment: all that happened in it
}

function dragged(surface, momentAt) {
  const follow = (pointer) => go(nearest(momentAt(pointer)));
  surface.addEventListener('pointerdown', (pointer) => {
    if (pointer.button !== 0) return;
    surface.setPointerCapture(pointer.pointerId);
    playing.stop();
    follow(pointer);
  });
  surface.addEventListener('pointermove', (pointer) => {
    if (surface.hasPointerCapture(pointer.pointerId)) follow(pointer);
  });
}

dragged(strip, (pointer) => momentAcross(pointer.clientX - strip.getBoundingClientRect().left));
panels.push({ rebuild: drawTicks, moment: movedHand });
