// Records cases against the real server, one file for each, in the form of README.md.
//
//   node golden/record.mjs golden/cases.mjs OUT --url http://127.0.0.1:7700 [--only NAME]
import http from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Normaliser } from './normalise.mjs';

const argv = process.argv.slice(2);
const arg = (n, d) => { const i = argv.indexOf('--' + n); return i < 0 ? d : argv[i + 1]; };
const { cases } = await import(pathToFileURL(argv[0]));
const out = argv[1], url = new URL(arg('url', 'http://127.0.0.1:7700')), only = arg('only');
const agent = new http.Agent({ keepAlive: true });
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const REQUEST_HEADERS = ['zumo-api-version', 'content-type', 'if-match', 'if-none-match', 'if-modified-since', 'accept', 'origin',
  'x-http-method-override', 'prefer', 'x-zumo-features', 'x-zumo-auth'];
const RESPONSE_HEADERS = ['content-type', 'etag', 'location', 'link', 'last-modified', 'cache-control', 'expires', 'pragma', 'allow',
  'retry-after', 'www-authenticate', 'x-zumo-server-version', 'access-control-allow-origin', 'access-control-allow-methods',
  'access-control-expose-headers'];
const pick = (h, names) => Object.fromEntries(names.filter((n) => h[n] !== undefined).map((n) => [n, h[n]]));
const bodyOf = (text) => {
  if (!text) return {};
  try { return { body: JSON.parse(text) }; } catch { return { bodyText: text }; }
};

function send({ method, path }, headers, text) {
  return new Promise((resolve, reject) => {
    const h = text === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(text) };
    const req = http.request({ agent, host: url.hostname, port: url.port, method, path, headers: h }, (res) => {
      const c = [];
      res.on('data', (d) => c.push(d));
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, text: Buffer.concat(c).toString() }));
    });
    req.on('error', reject);
    req.end(text);
  });
}

mkdirSync(out, { recursive: true });
for (const c of cases) {
  if (only && c.name !== only) continue;
  await send({ method: 'POST', path: '/__admin/reset' }, {});
  const norm = new Normaliser();
  const lines = [JSON.stringify({ case: c.name, about: c.about, ...(c.artefact ? { artefact: true } : {}) })];
  for (const x of c.requests) {
    const text = x.body !== undefined ? JSON.stringify(x.body) : x.bodyText;
    const headers = { 'zumo-api-version': '2.0.0', ...(text !== undefined ? { 'content-type': 'application/json' } : {}), ...x.headers };
    for (const k of Object.keys(headers)) if (headers[k] === null) delete headers[k];
    const r = await send(x, headers, text);
    const exchange = norm.exchange({
      request: { method: x.method, path: x.path, headers: pick(headers, REQUEST_HEADERS), ...bodyOf(text) },
      response: { status: r.status, headers: pick(r.headers, RESPONSE_HEADERS), ...bodyOf(r.text) },
    }, url.host);
    lines.push(JSON.stringify(x.setup ? { ...exchange, setup: true } : exchange));
    await sleep(4); // so that times differ
  }
  writeFileSync(out + '/' + c.name + '.jsonl', lines.join('\n') + '\n');
}
agent.destroy();
