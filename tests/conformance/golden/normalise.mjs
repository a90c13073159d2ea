// Replaces volatile values by placeholders, consistently within one recording:
//   $VERSIONn  value of a row's "version" (numbered per row and value, so two rows never share a placeholder)
//   $TIMEn     value of a row's createdAt / updatedAt (per row and value; equal times of one row share a placeholder)
//   $GUIDn     an id made by the server
//   $WEAK      the hash of a weak ETag
//   $BASE      scheme, host and port;  $HOST  scheme and host without the port
// A placeholder is introduced by a response; afterwards the same value is also replaced in later requests.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export class Normaliser {
  constructor() {
    this.byKey = new Map();   // kind|row|value -> placeholder
    this.byValue = new Map(); // value -> last placeholder (for free text such as $filter)
    this.count = { VERSION: 0, TIME: 0, GUID: 0 };
  }
  place(kind, row, value) {
    const key = kind + '|' + row + '|' + value;
    let p = this.byKey.get(key);
    if (!p) { p = '$' + kind + (++this.count[kind]); this.byKey.set(key, p); }
    this.byValue.set(value, p);
    return p;
  }
  table(path) { const m = /\/tables\/([^/?]+)/.exec(path); return m ? m[1] : ''; }
  pathId(path) { const m = /\/tables\/[^/?]+\/([^/?]+)/.exec(path); try { return m ? decodeURIComponent(m[1]) : null; } catch { return m[1]; } }

  row(table, row, sentIds) {
    if (!row || typeof row !== 'object' || Array.isArray(row)) return row;
    const out = {};
    const where = table + '/' + row.id;
    for (const [k, v] of Object.entries(row)) {
      if (k === 'version' && typeof v === 'string') out[k] = this.place('VERSION', where, v);
      else if ((k === 'createdAt' || k === 'updatedAt') && typeof v === 'string') out[k] = this.place('TIME', where, v);
      else if (k === 'id' && typeof v === 'string' && UUID.test(v) && !sentIds.has(v)) out[k] = this.place('GUID', '', v);
      else out[k] = v;
    }
    return out;
  }
  body(table, b, sentIds) {
    if (Array.isArray(b)) return b.map((r) => this.row(table, r, sentIds));
    if (b && typeof b === 'object' && Array.isArray(b.results)) return { ...b, results: b.results.map((r) => this.row(table, r, sentIds)) };
    return this.row(table, b, sentIds);
  }
  // Replace known values inside free text (paths, header values).
  text(s) {
    let out = s;
    for (const [v, p] of [...this.byValue].sort((a, b) => b[0].length - a[0].length)) {
      if (v.length < 4) continue;
      out = out.split(encodeURIComponent(v)).join(p).split(v).join(p);
    }
    return out;
  }
  // Replaces any version of this row inside an ETag-like header value.
  etag(where, s) {
    const prefix = 'VERSION|' + where + '|';
    let out = s;
    for (const [k, p] of this.byKey) if (k.startsWith(prefix)) out = out.split(k.slice(prefix.length)).join(p);
    return out;
  }
  exchange(x, host) {
    const table = this.table(x.request.path);
    const pathId = this.pathId(x.request.path);
    const reqId = pathId ?? (x.request.body && x.request.body.id);
    const where = table + '/' + reqId;
    const request = { ...x.request, headers: { ...x.request.headers } };
    const sentIds = new Set([pathId, x.request.body && x.request.body.id].filter((v) => typeof v === 'string'));
    for (const id of [...sentIds]) if (this.byKey.has('GUID||' + id)) sentIds.delete(id);
    request.path = this.text(request.path);
    for (const h of ['if-match', 'if-none-match']) {
      const v = request.headers[h];
      if (v) request.headers[h] = h === 'if-none-match' && this.weak === v ? 'W/"$WEAK"' : this.etag(where, v);
    }
    if (request.body && typeof request.body === 'object' && !Array.isArray(request.body)) {
      const b = { ...request.body };
      for (const k of ['version', 'createdAt', 'updatedAt', 'id']) {
        if (typeof b[k] !== 'string') continue;
        const kind = k === 'version' ? 'VERSION' : k === 'id' ? 'GUID' : 'TIME';
        const p = this.byKey.get(kind + '|' + (kind === 'GUID' ? '' : where) + '|' + b[k]);
        if (p) b[k] = p;
      }
      request.body = b;
    }
    const response = { ...x.response, headers: { ...x.response.headers } };
    if (response.body !== undefined) response.body = this.body(table, response.body, sentIds);
    if (response.headers.etag) {
      const e = response.headers.etag;
      if (/^W\//.test(e)) { this.weak = e; response.headers.etag = 'W/"$WEAK"'; } else {
        const b = x.response.body;
        const id = pathId ?? (Array.isArray(b) ? b[0] && b[0].id : b && b.id);
        response.headers.etag = this.etag(table + '/' + id, e);
      }
    }
    for (const h of ['location', 'link']) {
      if (!response.headers[h]) continue;
      let v = this.text(response.headers[h]);
      if (host) v = v.split('http://' + host).join('$BASE').split('http://' + host.replace(/:\d+$/, '')).join('$HOST');
      response.headers[h] = v;
    }
    return { request, response };
  }
}
