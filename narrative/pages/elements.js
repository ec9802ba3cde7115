// Making elements. Text only ever becomes text: nothing here, or anywhere, parses markup.

const byId = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.startsWith('aria-')) element.setAttribute(name, value); // true and false are words there
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const h = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
const s = (tag, attributes = {}, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

// Change text only where it changed: layout is what costs.
function say(element, text) {
  if (element.said === text) return;
  element.said = text;
  element.textContent = text;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The mark of an origin: a shape and a colour, and its name for those who see neither.
function mark(origin) {
  return h('span', { class: `mark ${origin}`, role: 'img', 'aria-label': origin, text: MARKS[origin] });
}

// Only addresses of the web are links; whatever else a timeline holds is text.
function link(url) {
  let address;
  try { address = new URL(url); } catch { return h('span', { text: url }); }
  if (!/^https?:$/.test(address.protocol)) return h('span', { text: url });
  const host = address.host.replace(/^www\./, ''); // where it leads, whatever name stands before an @
  return h('a', { href: address.href, rel: 'noopener noreferrer', target: '_blank', text: host });
}
