// What if: the histories of this page, where they part from the main line, and what differs now.

const READ = [['valuation', 'value', true], ['belief_share', 'belief share', false], ['loan_to_value', 'loan to value', false],
  ['backlog', 'backlog', true], ['delivered', 'delivered', true]];
const MANY = 12;

function buildBranches() {
  const known = branchesSoFar();
  byId('branches').hidden = known.length < 2;
  for (const button of byId('lines').children) {
    button.hidden = !known.includes(HISTORIES[button.dataset.branch]);
    button.setAttribute('aria-pressed', Number(button.dataset.branch) === state.branch);
  }
  const told = history();
  byId('parting').replaceChildren();
  const main = HISTORIES[0];
  if (!state.branch || told.length === told.common) return;
  const first = eventAt(told, told.common + 1);
  if (!parted()) return;
  const go_ = () => { playing.stop(); go(told.common + 1, { push: true }); };
  byId('parting').append(`The same up to #${count(told.common)}, ${shortDate(told.moment[told.common - 1] ?? told.first, JULIAN)}. `,
    h('button', { type: 'button', class: 'to', id: 'first-divergence', onclick: go_ },
      `First divergence: #${count(told.common + 1)}, ${shortDate(first.moment, JULIAN)}, ${first.kind}`),
    main.length > told.common ? ` (in ${main.name}: ${gist(eventAt(main, told.common + 1))})` : '',
    told.end ? `. Of recorded prices in ${told.name} ${told.end}.` : '');
}

function movedBranches() {
  if (!state.branch) return void byId('differences').replaceChildren();
  const main = HISTORIES[0];
  const found = [];
  for (const actor of DATA.actors) {
    for (const [name, words, sum] of READ) {
      const [a, b] = [main, history()].map((told) => readingAt(told, name, actor.id, state.moment));
      if (a === b || (a === null && b === null)) continue;
      const text = sum ? (value) => money(value, STORY) : share;
      if (text(a) === text(b)) continue;
      found.push({ who: actor.name, words, a: text(a), b: text(b), sum, gap: Math.abs((b ?? 0) - (a ?? 0)) });
    }
  }
  found.sort((x, y) => Number(y.sum) - Number(x.sum) || y.gap - x.gap);
  const rows = found.slice(0, MANY).map((row) => h('tr', {}, h('th', { scope: 'row', text: row.who }), h('td', { text: row.words }),
    h('td', { class: 'number', text: row.a }), h('td', { class: 'number', text: row.b })));
  if (!rows.length) rows.push(h('tr', {}, h('td', { colspan: 4, text: 'Nothing differs at this moment.' })));
  const heads = ['Who', 'Reading', main.name, history().name];
  byId('differences').replaceChildren(h('caption', { text: `What differs at this moment${found.length > MANY ? `: the largest ${MANY} of ${found.length}` : ''}` }),
    h('thead', {}, h('tr', {}, ...heads.map((text, i) => h('th', { scope: 'col', class: i > 1 ? 'number' : null, text })))), h('tbody', {}, ...rows));
}

HISTORIES.forEach((told, i) => byId('lines').append(h('button', {
  type: 'button', class: 'line', 'data-branch': i, onclick: () => choose({ branch: i }),
}, h('b', { text: told.name }), h('span', { text: i ? told.question || 'Nobody wrote down its question.' : 'The main line.' }))));
const parted = () => history().moment[history().common] <= horizon();
panels.push({ rebuild: buildBranches, known: () => `${branchesSoFar().length} ${parted()}`, moment: movedBranches });
