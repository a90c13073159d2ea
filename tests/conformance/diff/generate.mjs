// Makes random scenarios, and records what the real client comes to with them against a real server.
//
//   node generate.mjs OUT [--from 1] [--count 100] [--style plain|wide|odd]
//                         [--driver drive.mjs --url http://127.0.0.1:7700]
//   node generate.mjs FOLDER --record --driver drive.mjs --url URL      outcomes for the scenarios of a folder
//
// A number and a style give the same scenario on any machine. `plain` keeps to the shapes of the recorded random-*
// cases; `wide` adds everything else that the format has: edits during a push or pull, other policies, more tables,
// odd ids and values, other where clauses and page sizes, restarts while offline; `odd` also ids that differ by case
// alone, and a back office that sends what it should not. With a driver each is played and its
// outcome written beside it; runs in which two rows of the server share an updatedAt are left out, as their outcome
// is not a fact.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const argv = process.argv.slice(2);
const option = (name, otherwise) => { const i = argv.indexOf('--' + name); return i < 0 ? otherwise : argv[i + 1]; };

// ---------------------------------------------------------------- draws
let state = 0;
const draw = () => { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(draw() * n);
const chance = (percent) => below(100) < percent;
const pick = (list) => list[below(list.length)];
const weighted = (table) => {
  let left = below(Object.values(table).reduce((a, b) => a + b, 0));
  for (const [name, weight] of Object.entries(table)) {
    if (left < weight) return name;
    left -= weight;
  }
  throw new Error('unreachable');
};

// ---------------------------------------------------------------- values
const ODD_IDS = ["it's", 'sp ace', 'zażółć', '漢字', '🙂', 'a%20b', 'a#b', 'a&b=c', 'a;b', '7', '12', 'x:y', 'x: y', 'a..b', '~', 'null',
  'a,b', "a''b", '(a)', '<b>', '{c}', '[d]', '|', '^', '@', '$5', '!', '*', '-', '_', 'é'];
const BAD_IDS = ['', ' ', '.', '..', 'a/b', 'a+b', 'a"b', 'a?b', 'a\\b', 'a`b', 'a\u0001b', 'a\u007fb', '\u00a0', 'x'.repeat(256)];
const ODD_TEXTS = ['', ' ', 'null', "'", "''", '"', '\\', '%', '_', 'a\nb', 'tab\there', '🙂', 'ŻÓŁĆ', 'é', 'datetime', "datetime'x",
  '2020-01-02T03:04:05Z', '2020-01-02T03:04:05.6Z', '2020-01-02T03:04:05.678Z', '2020-01-02T03:04:05.6789Z', '2020-01-02',
  '2020-01-02T03:04:05+01:00', '9999-12-31T23:59:59Z', '2020-13-02T03:04:05Z', '0', '1', 'true', 'x'.repeat(300), '?', 'a?b', '(', ')', '$filter', '&', '#', '+'];
const ODD_NUMBERS = [-1, -0.5, 0.1, 1e-7, 1e21, 123456789, 2147483648, 9007199254740991, -9007199254740991, 1.7976931348623157e308, 5e-324, 0.30000000000000004];

const plainText = () => pick(['', '', 'red', 'green', 'blue', 'amber', "it's", 'naïve']) + below(100);
const plainNumber = () => (chance(10) ? null : below(20) / 2);
const text = (wide) => (wide && chance(12) ? pick(ODD_TEXTS) : wide && chance(8) ? null : plainText());
const number = (wide) => (wide && chance(12) ? pick(ODD_NUMBERS) : plainNumber());
const truth = (wide) => (wide && chance(10) ? null : chance(50));

function wholeRow(wide) {
  return { text: text(wide), complete: truth(wide), priority: number(wide) };
}
function someCells(wide) {
  const row = wholeRow(wide);
  if (wide && chance(3)) return {};
  const kept = chance(70) ? [pick(['text', 'complete', 'priority'])] : ['text', 'complete', 'priority'].filter(() => chance(60));
  return Object.fromEntries((kept.length ? kept : ['text']).map((name) => [name, row[name]]));
}
// What the SDK's store refuses, or turns into something else.
function strangeCells() {
  return pick([{ complete: 'yes' }, { priority: '5' }, { priority: true }, { text: 5 }, { text: true }, { text: { a: 1 } }, { text: [1, 'b'] },
    { complete: 1 }, { complete: 0 }, { complete: 2.5 }, { other: 1, text: 'extra' }, { text: 1.5 }, { version: 'abc', text: 'v' }, { version: null, text: 'v' },
    { deleted: true, text: 'd' }, { deleted: false, text: 'd' }]);
}

// ---------------------------------------------------------------- scenarios
const CONFLICTS = { get odd() { return this.wide; }, plain: { none: 12, 'client-wins': 26, 'server-wins': 26, merge: 24, cancel: 3, cancelAndDiscard: 5, cancelAndUpdate: 4 },
  wide: { none: 14, 'client-wins': 22, 'server-wins': 18, merge: 16, cancel: 6, cancelAndDiscard: 6, cancelAndUpdate: 8, 'mark-handled': 5, throw: 5 } };
const ERRORS = { get odd() { return this.wide; }, plain: { none: 17, cancel: 18, cancelAndDiscard: 65 }, wide: { none: 40, cancel: 20, cancelAndDiscard: 30, 'mark-handled': 10 } };
const TABLES = ['stricttodo', 'harditem', 'smallpage', 'rotodo', 'authtodo'];

function faults(wide) {
  if (!wide) return pick([['drop-response'], [null, 'drop-request'], [null, 'drop-response']]);
  return Array.from({ length: 1 + below(4) }, () => pick([null, null, 'drop-request', 'drop-response']));
}

function scenario(seed, style) {
  state = seed * 2654435761 + { plain: 0, wide: 97, odd: 193 }[style];
  const wide = style !== 'plain', odd = style === 'odd';
  const ids = Array.from({ length: 3 + below(wide ? 8 : 4) }, (_, i) => 'k' + (i + 1));
  if (wide) for (let i = below(4); i > 0; i--) ids.push(pick(ODD_IDS));
  if (odd) ids.push('K1', 'K2', pick(['aB', 'Ab', 'AB', 'ab']), pick(['aB', 'Ab', 'AB', 'ab']), 'É');
  const known = [...new Set(ids)];
  const clients = wide ? 1 + below(4) : 2 + below(3);
  let guids = 0;
  const id = () => (wide && chance(2) ? pick(BAD_IDS) : guids && wide && chance(15) ? '$GUID' + (1 + below(guids)) : pick(known));
  const table = wide && chance(12) ? pick(['stricttodo', 'harditem', 'smallpage']) : undefined;
  const others = wide && chance(25) ? [pick(TABLES)] : [];
  const out = { name: 'made-' + style + '-' + String(seed).padStart(5, '0'), about: 'seeded random scenario', clients };
  if (table) out.table = table;
  if (wide && chance(20)) out.dateColumns = true;
  out.seed = known.filter(() => chance(70)).map((k) => Object.assign({ id: k }, wholeRow(false)));
  const edit = (op, during) => {
    switch (op) {
      case 'insert': {
        if (wide && chance(15)) {
          if (during) guids += 0; // made ids are numbered as they are made
          guids++;
          return { op, row: wholeRow(wide) };
        }
        return { op, id: id(), row: wide && chance(5) ? strangeCells() : wide && chance(10) ? someCells(wide) : wholeRow(wide) };
      }
      case 'update': return { op, id: id(), row: wide && chance(5) ? strangeCells() : someCells(wide) };
      default: return { op, id: id() };
    }
  };
  const during = () => Array.from({ length: 1 + below(3) }, () => edit(weighted({ insert: 3, update: 5, delete: 3, read: 1 }), true));
  const steps = [];
  const offline = new Set();
  const queryId = () => weighted(wide ? { q: 50, r: 10, done: 8, '': 1, none: 20, 'a/b': 1, 'odd id': 2, "it's": 2 } : { q: 70, none: 30 });
  const pull = (client) => {
    const step = { client, op: 'pull' };
    const chosen = queryId();
    step.queryId = chosen === 'none' ? null : chosen;
    if (!wide && chance(7)) Object.assign(step, { queryId: 'done', where: { complete: true } });
    if (wide && chance(15)) {
      step.where = pick([{ complete: true }, { complete: false }, { complete: null }, { text: text(true) }, { priority: below(20) / 2 }, { id: pick(known) },
        { complete: true, priority: below(10) }, { text: null }, { deleted: false }, { deleted: true }, { nosuch: 1 }]);
    }
    if (chance(wide ? 20 : 12)) step.pageSize = wide && chance(8) ? pick([0, -1, 1.5, 1000, 1001]) : 1 + below(4);
    if (wide && chance(6)) step.faults = faults(true);
    if (wide && chance(8)) step.during = during();
    return step;
  };
  const push = (client) => {
    const step = { client, op: 'push', onConflict: weighted(CONFLICTS[style]), onError: weighted(ERRORS[style]) };
    if (chance(wide ? 18 : 7)) step.faults = faults(wide);
    if (wide && chance(15)) step.during = during();
    return step;
  };
  for (let c = 0; c < clients; c++) if (!wide || chance(75)) steps.push({ client: c, op: 'pull', queryId: 'q' });
  for (let n = (wide ? 8 : 15) + below(wide ? 45 : 35); n > 0; n--) {
    const client = below(clients);
    const op = weighted(wide
      ? { insert: 8, update: 20, delete: 8, read: 5, push: 22, pull: 18, purge: 3, offline: 3, restart: 3, server: 12 }
      : { insert: 7, update: 24, delete: 5, read: 4, push: 22, pull: 20, purge: 2, offline: 3, restart: 2, server: 8 });
    let step;
    switch (op) {
      case 'push': step = push(client); break;
      case 'pull': step = pull(client); break;
      case 'purge':
        step = { client, op };
        if (chance(60)) step.force = true;
        if (wide && chance(30)) step.where = pick([{ complete: true }, { complete: null }, { text: plainText() }, { id: pick(known) }, { priority: 3 }, { deleted: false }, { nosuch: 'x' }]);
        break;
      case 'offline':
        step = { client, op, on: !offline.has(client) };
        if (offline.has(client)) offline.delete(client); else offline.add(client);
        break;
      case 'restart': step = { client, op }; break;
      case 'server': {
        const action = weighted({ update: 45, insert: 25, delete: 17, undelete: 13 });
        step = { op, do: action, id: pick(known) };
        if (action === 'insert') step.row = wholeRow(wide);
        if (action === 'update') step.row = someCells(wide);
        if (odd && chance(12)) Object.assign(step, pick([{ id: 'no such row' }, { id: 'a/b' }, { row: {} }, { row: { extra: 1, text: 'e' } }, { row: { text: 5 } },
          { row: { complete: 1 } }, { row: { deleted: true } }, { row: { createdAt: '2020-01-01T00:00:00Z' } }, { row: { version: 'abc', text: 'v' } }, { row: { id: 'k2', text: 'i' } }]));
        break;
      }
      default: step = Object.assign({ client }, edit(op));
    }
    if (others.length && chance(25)) step.table = others[0];
    steps.push(step);
  }
  if (!wide) {
    for (const client of offline) steps.push({ client, op: 'offline', on: false });
    for (let c = 0; c < clients; c++) steps.push(Object.assign(push(c), { faults: undefined }));
    for (let c = 0; c < clients; c++) steps.push({ client: c, op: 'pull', queryId: 'q' });
  }
  out.steps = steps;
  return JSON.parse(JSON.stringify(out));
}

// ---------------------------------------------------------------- all of them
const folder = argv[0];
if (!folder || folder.startsWith('--')) {
  console.error('usage: node generate.mjs OUT [--from N] [--count N] [--style plain|wide|odd] [--driver drive.mjs --url URL]');
  process.exit(64);
}
const from = +option('from', 1), count = +option('count', 100), style = option('style', 'wide'), url = option('url');
mkdirSync(folder, { recursive: true });
const driver = url && await import(pathToFileURL(resolve(option('driver', 'drive.mjs'))));
const isScenario = (name) => name.endsWith('.json') && !name.endsWith('.expect.json');

function* scenarios() {
  if (argv.includes('--record')) {
    for (const name of readdirSync(folder).filter(isScenario).sort()) yield [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name)))];
  } else {
    for (let seed = from; seed < from + count; seed++) {
      const made = scenario(seed, style);
      yield [made.name, made];
    }
  }
}

let kept = 0;
for (const [name, made] of scenarios()) {
  if (driver) {
    let played;
    try { played = await driver.play(made, { url }); } catch (e) { console.error(name + ': ' + e.message); continue; }
    if (played.ties) { console.error(name + ': rows share an updatedAt'); continue; }
    writeFileSync(join(folder, name + '.expect.json'), driver.canonical(played.outcome, true));
  }
  if (!argv.includes('--record')) writeFileSync(join(folder, name + '.json'), JSON.stringify(made) + '\n');
  kept++;
}
console.log(kept + ' scenarios');
if (driver) driver.finish();
