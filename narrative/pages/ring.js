// The circle's shapes: where each actor stands, how an arrow bends, and where a sum finds room.

const RING = {}; // its size in pixels, so that its words are as large as any on the page
const ring = byId('circle');
const gauge = document.createElement('canvas').getContext('2d');

function breadth(text, size) {
  gauge.font = `600 ${size}px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
  return gauge.measureText(text).width;
}

// As much of a name as there is room for; the whole of it stands in the title.
function shortened(text, room, size) {
  if (breadth(text, size) <= room) return text;
  let end = Math.min(text.length, Math.floor(room / 3));
  while (end > 1 && breadth(`${text.slice(0, end)}…`, size) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

// The ring leaves room for the longest name, within reason.
function measured(names) {
  const width = Math.min(Math.max(ring.parentElement.clientWidth, 292), 860);
  const small = width < 520;
  const height = Math.round(small ? width * 1.15 : width * 0.74);
  const size = small ? 13 : 15;
  const longest = Math.max(60, ...names.map((name) => breadth(name, size)));
  const side = Math.min(longest + 22, small ? 118 : 190);
  ring.classList.toggle('small', small);
  Object.assign(RING, { width, height, size, x: width / 2, y: height / 2, rx: width / 2 - side, ry: height / 2 - 58 });
  ring.setAttribute('viewBox', `0 0 ${width} ${height}`);
}

function placed(ids) {
  const few = ids.length <= 5;
  return new Map(ids.map((id, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / ids.length + (few ? 0 : Math.PI / ids.length);
    return [id, { id, angle, x: RING.x + RING.rx * Math.cos(angle), y: RING.y + RING.ry * Math.sin(angle), few }];
  }));
}

function nodeShape(node) {
  const { id, x, y, angle } = node;
  const cos = Math.cos(angle);
  const anchor = Math.abs(cos) < 0.05 ? 'middle' : cos > 0 ? 'start' : 'end';
  const steep = Math.sin(angle) * Math.sin(angle) > 0.7 ? Math.sign(Math.sin(angle)) : 0;
  const lift = steep < 0 ? (anchor === 'middle' ? -32 : -22) : steep * (anchor === 'middle' ? 25 : 16);
  const at = { x: x + (anchor === 'middle' ? 0 : Math.sign(cos) * 14), y: y + lift };
  const room = { start: RING.width - at.x, end: at.x, middle: Math.min(300, RING.width) }[anchor];
  const name = shortened(nameOf(id), room - 2, RING.size);
  const across = Math.max(breadth(name, RING.size), 60);
  node.box = { x: at.x - { start: 0, end: across, middle: across / 2 }[anchor], y: at.y - RING.size, width: across, height: 38 };
  node.worth = s('tspan', { x: at.x, dy: '1.15em', class: 'worth' });
  return s('g', { class: 'node' }, s('title', { text: nameOf(id) }), s('circle', { cx: x, cy: y, r: 7 }),
    s('text', { ...at, 'text-anchor': anchor }, s('tspan', { x: at.x, text: name }), node.worth));
}

// How far a curve bends to one side, so that there and back lie apart: along the ring among few.
function bent(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const side = from.few ? -1 : 1; // among many, outside the ring is where the names are
  const nx = -side * (to.y - from.y) / length;
  const ny = side * (to.x - from.x) / length;
  const outward = nx * ((from.x + to.x) / 2 - RING.x) + ny * ((from.y + to.y) / 2 - RING.y) > 0;
  return { nx, ny, bend: length * (side > 0 && outward ? 0.06 : 0.17) };
}

// A curve from one to the other, `off` to the side of the bundle's middle.
function curve(from, to, off) {
  const { nx, ny, bend } = bent(from, to);
  const far = bend + off * 1.5;
  const control = { x: (from.x + to.x) / 2 + nx * far, y: (from.y + to.y) / 2 + ny * far };
  const near = (node, gap) => {
    const reach = Math.hypot(control.x - node.x, control.y - node.y) || 1;
    return { x: node.x + (control.x - node.x) * gap / reach + nx * off, y: node.y + (control.y - node.y) * gap / reach + ny * off };
  };
  const start = near(from, 11);
  const end = near(to, 17);
  const at = (t) => ['x', 'y'].map((axis) => (1 - t) ** 2 * start[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * end[axis]);
  return { start, control, end, at, path: `M${start.x},${start.y}Q${control.x},${control.y} ${end.x},${end.y}` };
}

function arrowHead(line, width) {
  const dx = line.end.x - line.control.x;
  const dy = line.end.y - line.control.y;
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const half = width / 2 + 3;
  const tip = Math.min(half + 2, 10);
  const corner = (side) => `${line.end.x - side * half * uy},${line.end.y + side * half * ux}`;
  return `M${corner(1)}L${line.end.x + ux * tip},${line.end.y + uy * tip}L${corner(-1)}Z`;
}

// Where along a curve a sum can stand on no name and on no other sum; null where nowhere.
function freeSpot(line, text, taken) {
  const width = breadth(text, 13) + 8;
  const boxes = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map((t) => {
    const [x, y] = line.at(t);
    return { x: x - width / 2, y: y - 10, width, height: 20 };
  });
  const apart = (a, b) => a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
  return boxes.find((box) => box.x > 0 && box.x + width < RING.width && taken.every((other) => apart(box, other))) ?? null;
}
