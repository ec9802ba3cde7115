// Opening the page, its theme, and what it says of itself.

// At the end nothing is left to hide: there it begins anew.
function hide(on) {
  if (on && state.position === history().length) go(positionAt(history().first));
  choose({ hidden: on });
  byId('live').textContent = on ? 'The future is hidden.' : 'The future is shown.';
}

function themed(name) {
  document.documentElement.dataset.theme = name;
  say(byId('theme'), name === 'dark' ? 'Light' : 'Dark');
  rebuild();
}

// How to cite it and what it rests on. While the future is hidden neither may name a branch, or count what comes.
function headed() {
  const ends = branchesSoFar().map((told) => `${told.name} ${told.digest.slice(0, 16)}`).join(', ');
  byId('citation').replaceChildren(cited(), '; digest ', h('span', { class: 'digest', text: ends }), '.',
    ...(state.hidden ? [] : [' Made by ', h('code', { text: DATA.command }), '.']));
  say(byId('weak'), state.hidden ? '' : `${DATA.weak.join(' ')}${leftOut()}`);
}

const cited = () => `“${STORY.title}”, edition ${STORY.edition}, ${shortDate(HISTORIES[0].first, JULIAN)} to ${shortDate(HISTORIES[0].until, JULIAN)}`;

// What a long history could not bring along is said, never hidden.
function leftOut() {
  const facts = HISTORIES.reduce((sum, told) => sum + told.leftOut, 0);
  return (facts ? ` The fields of ${count(facts)} modelled events are left out for size.` : '')
    + (DATA.sampled ? ` Readings are drawn at ${count(MOMENTS.length)} of the moments.` : '');
}

function whereabouts() {
  const known = branchesSoFar();
  say(byId('where'), known.length > 1 ? STORY.id : `${STORY.id} · ${history().name}`);
  byId('which').hidden = known.length < 2;
  byId('which').replaceChildren(...known.map((told) => h('option', { value: HISTORIES.indexOf(told), text: told.name, selected: told === history() })));
  byId('hide').setAttribute('aria-pressed', state.hidden);
  say(byId('hide'), state.hidden ? 'Reveal the future' : 'Hide the future');
  document.body.classList.toggle('hidden-future', state.hidden);
}

// Said aloud when the hand rests, not at every step of a drag.
let resting = 0;
function spoken() {
  clearTimeout(resting);
  resting = setTimeout(() => { if (!playing.on) say(byId('live'), strip.getAttribute('aria-valuetext')); }, 600);
}

byId('hide').addEventListener('click', () => hide(!state.hidden));
byId('which').addEventListener('change', (change) => choose({ branch: Number(change.target.value) }));
byId('theme').addEventListener('click', () => themed(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));
byId('skip').addEventListener('click', (click) => { click.preventDefault(); byId('events').focus(); });
window.addEventListener('hashchange', () => { if (location.hash !== hashOf()) { recall(); rebuild(); } });
window.addEventListener('popstate', () => { recall(); rebuild(); });
let lit = null; // paper is light, whatever the screen was
window.addEventListener('beforeprint', () => { lit = document.documentElement.dataset.theme; themed('light'); });
window.addEventListener('afterprint', () => themed(lit ?? 'light'));
let sized = 0;
let wide = window.innerWidth;
window.addEventListener('resize', () => {
  if (window.innerWidth === wide) return; // a phone's address bar comes and goes
  wide = window.innerWidth;
  clearTimeout(sized);
  sized = setTimeout(rebuild, 120);
});
const branchesKnown = () => branchesSoFar().length;
panels.push({ rebuild: headed, known: branchesKnown }, { rebuild: whereabouts, known: branchesKnown, moment: spoken });

byId('words-told').replaceChildren(...Object.entries(DATA.words).flatMap(([word, says]) => [h('dt', { text: word }), h('dd', { text: says })]));
byId('unopened').remove();
recall();
themed(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
// For tests and for those who look under the bonnet.
window.narrative = { state, go, choose, money, share, change, points, count, dateOf, momentOf, spent, readingAt, finding, gist, panels, chart: over, circle: drawn, csv, link, largeIn, histories: HISTORIES, ready: performance.now() };
