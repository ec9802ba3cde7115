// What is claimed, and the verdicts that are kept beside the main history. They are of all of it: while the future
// is hidden they are too.

function buildClaims() {
  byId('claims').hidden = state.hidden;
  if (state.hidden) return byId('claims-told').replaceChildren();
  byId('claims-told').replaceChildren(...DATA.claims.rows.map(claimRow));
  say(byId('claims-remark'), DATA.claims.said.replaceAll('`', ''));
}

function claimRow(row) {
  return h('li', {}, h('details', {},
    h('summary', {}, h('b', { class: 'verdict', text: row.verdict }), ` ${row.claim}`),
    h('p', { text: unbroken(row.said) }), h('p', {}, h('code', { text: row.command }))));
}

panels.push({ rebuild: buildClaims });
