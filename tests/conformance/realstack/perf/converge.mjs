// How long 50 real clients take, 20 edits each on 100 shared rows, until everybody holds the same and nothing is pending:
//   node perf/converge.mjs --url http://127.0.0.1:7700 [--repeat 5]
// Environment: REALSTACK_TIMERS=sdk keeps the SDK's own 1 ms timers (default maps them to setImmediate).
// Prints one line per measurement: median (min .. max).
import http from 'node:http';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { Query, createClient, xhr } = require('../lib/client.cjs');
const arg = (n, d) => { const i = process.argv.indexOf('--' + n); return i < 0 ? d : process.argv[i + 1]; };
const url = arg('url', 'http://127.0.0.1:7700'), repeat = +arg('repeat', 5);
const U = new URL(url);
const mode = process.env.REALSTACK_TIMERS === 'sdk' ? 'sdk timers' : 'fast timers';
const T = 'todoitem', V = { 'ZUMO-API-VERSION': '2.0.0' };
const reset = async () => { const r = await fetch(url + '/__admin/reset', { method: 'POST' }); await r.arrayBuffer(); };
const report = (label, xs, unit) => {
  const s = xs.slice().sort((a, b) => a - b), m = s[s.length >> 1];
  const f = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(3));
  console.log(`${label}: ${f(m)} ${unit} (${f(s[0])} .. ${f(s[s.length - 1])}, ${xs.length} runs)`);
};
async function pool(n, width, job) { // width workers share n jobs
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => { while (next < n) await job(next++); }));
}
function requester(width) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: width });
  const send = (method, path, body) => new Promise((res, rej) => {
    const text = body && JSON.stringify(body);
    const r = http.request({ agent, host: U.hostname, port: U.port, method, path, headers: { ...V, ...(text ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) } : {}) } }, (m) => {
      const c = []; m.on('data', (d) => c.push(d)); m.on('end', () => res({ status: m.statusCode, text: Buffer.concat(c).toString() }));
    });
    r.on('error', rej); r.end(text);
  });
  return { send, close: () => agent.destroy() };
}
const seedRows = async (n, name = (i) => 'r' + String(i).padStart(5, '0')) => {
  const q = requester(8);
  await pool(n, 8, async (i) => { const r = await q.send('POST', '/tables/' + T, { id: name(i), text: 'row ' + i, complete: i % 2 === 0, priority: i % 10 }); if (r.status !== 201) throw new Error('seed ' + r.status); });
  q.close();
};

async function converge() {
  const wall = [], rounds = [], requests = [], C = 50, E = 20, ROWS = 100;
  for (let k = 0; k < repeat; k++) {
    await reset(); await seedRows(ROWS);
    const cs = [];
    for (let i = 0; i < C; i++) cs.push(await createClient(url));
    await Promise.all(cs.map((c) => c.table(T).pull(new Query(T), 'q')));
    let x = 99 + k, reqs = 0; const rnd = () => (x = (x * 1103515245 + 12345) % 2147483648) / 2147483648;
    xhr.setObserver(() => { reqs++; });
    for (const c of cs) c.context.pushHandler = {
      onConflict: (e) => (e.getAction() === 'delete' ? e.cancel() : e.update(Object.assign(e.getClientRecord(), { version: e.getServerRecord().version }))),
      onError: (e) => e.cancelAndDiscard(),
    };
    const s = performance.now();
    await Promise.all(cs.map(async (c, ci) => {
      for (let i = 0; i < E; i++) await c.table(T).update({ id: 'r' + String(Math.floor(rnd() * ROWS)).padStart(5, '0'), text: `c${ci} e${i}`, priority: i });
    }));
    let r = 0;
    for (;;) {
      r++;
      await Promise.all(cs.map(async (c) => { await c.context.push(); await c.table(T).pull(new Query(T), 'q'); }));
      const pending = cs.reduce((n, c) => n + c.raw().prepare('select count(*) n from __operations').get().n, 0);
      const images = new Set(cs.map((c) => JSON.stringify(c.raw().prepare('select id,text,complete,priority,version from ' + T + ' order by id').all())));
      if (pending === 0 && images.size === 1) break;
      if (r > 20) throw new Error('does not converge');
    }
    wall.push((performance.now() - s) / 1000); rounds.push(r); requests.push(reqs);
    xhr.setObserver(null);
    for (const c of cs) await c.close();
  }
  report(`converge 50 clients x 20 edits on 100 rows (${mode})`, wall, 's'); report('  rounds', rounds, ''); report('  HTTP requests', requests, '');
}
await converge();
xhr.agent.destroy();
