import { stat } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEgressProxy, type EgressSettings } from '../../src/adapter/egress-proxy/egress-proxy.ts';
import type { EgressOptions, EgressProxy } from '../../src/port/egress-proxy.ts';
import { getThrough, listenLocally, tunnelThrough, type LocalServer } from './egress-kit.ts';

let canaryHits = 0;
let canary: LocalServer;
const listener: RequestListener = (request, response) => {
  canaryHits += 1;
  if (request.url === '/large') response.end('x'.repeat(50_000));
  else response.end(`canary ${request.method} ${request.headers['proxy-authorization'] ?? 'no token'}`);
};
let port = '';
const proxies: EgressProxy[] = [];

beforeAll(async () => {
  canary = await listenLocally(listener);
  port = canary.port;
});
afterEach(async () => {
  canaryHits = 0;
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(() => canary.close());

/** Names resolve as the test says; every port is open. */
async function opened(
  answers: Record<string, readonly string[]>,
  options: EgressOptions = {},
  more: EgressSettings = {},
) {
  const resolve = async (name: string) =>
    (answers[name] ?? []).map((address) => ({
      address,
      family: address.includes(':') ? (6 as const) : (4 as const),
    }));
  const limits = { ports: ['80', '443', port], ...more.limits };
  const proxy = makeEgressProxy({ resolve, ...more, limits });
  proxies.push(proxy);
  return await proxy.open(options);
}

/** Every name is this machine, and one of them may be reached. */
function proxyTo(host: string): EgressProxy {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }];
  const proxy = makeEgressProxy({ resolve, limits: { allowPrivate: [host] } });
  proxies.push(proxy);
  return proxy;
}

const outside = '93.184.216.34';

describe('what the proxy refuses', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback as one number', '2130706433'],
    ['loopback in octal', '0177.0.0.1'],
    ['loopback in hexadecimal', '0x7f.1'],
    ['loopback, short', '127.1'],
    ['nothing', '0.0.0.0'],
    ['IPv6 loopback', '[::1]'],
    ['IPv4 mapped into IPv6', '[::ffff:127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['a unique local address', '[fd00::1]'],
    ['the metadata service', '169.254.169.254'],
    ['a private network', '10.0.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['the wire server of Azure', '168.63.129.16'],
    ['full-width digits', '１２７.０.０.１'],
  ])('is %s', async (_what, host) => {
    const way = await opened({});
    const written = encodeURI(host).replaceAll('%5B', '[').replaceAll('%5D', ']');
    expect(await tunnelThrough(way, `${written}:${port}`)).toMatchObject({ status: 403 });
    expect(await getThrough(way, `http://${written}:${port}/`)).toMatchObject({ status: 403 });
    expect(canaryHits).toBe(0);
    expect(way.refused().length).toBeGreaterThan(0);
  });

  it('is a name with one private address among public ones', async () => {
    const way = await opened({ 'both.test': [outside, '127.0.0.1'] });
    const answer = await tunnelThrough(way, `both.test:${port}`);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('127.0.0.1') });
  });

  it('is a name that resolves to a private address later', async () => {
    let asked = 0;
    const resolve = async () => [{ address: (asked += 1) === 1 ? outside : '127.0.0.1', family: 4 as const }];
    const way = await opened(
      {},
      { mayReach: () => undefined },
      { resolve, limits: { connectSeconds: 0.05 } },
    );
    // Looked up once for each connection, and connected to what was looked up: the first leads nowhere, the second is refused.
    expect(await tunnelThrough(way, `rebind.test:${port}`)).toMatchObject({ status: 403 });
    expect(await tunnelThrough(way, `rebind.test:${port}`)).toMatchObject({ status: 403 });
    expect(asked).toBe(2);
    expect(canaryHits).toBe(0);
  });

  it.each(['localhost', 'localhost.', 'metadata.google.internal'])('is %s', async (name) => {
    const way = await opened({
      localhost: ['127.0.0.1'],
      'localhost.': ['127.0.0.1'],
      'metadata.google.internal': ['169.254.169.254'],
    });
    expect(await tunnelThrough(way, `${name}:${port}`)).toMatchObject({ status: 403 });
  });

  it('is a port that is not open, a user name, a path, and what is no address', async () => {
    const way = await opened({ 'a.test': [outside] });
    for (const authority of ['a.test:22', 'user@a.test:80', 'a.test:80/path', 'a.test:99999', '', ':80']) {
      expect(await tunnelThrough(way, authority)).not.toMatchObject({ status: 200 });
    }
    expect(await getThrough(way, 'http://user:word@a.test/')).toMatchObject({ status: 403 });
  });
});

describe('what rules refuse', () => {
  it('is every host but the allowed ones', async () => {
    const way = await opened(
      {
        'a.test': ['127.0.0.1'],
        'x.b.test': ['127.0.0.1'],
        'b.test': ['127.0.0.1'],
        'nota.test': ['127.0.0.1'],
      },
      { allowedHosts: [`a.test:${port}`, '*.b.test'] },
      { limits: { allowPrivate: ['a.test', 'b.test', 'x.b.test', 'nota.test'] } },
    );
    const status = async (host: string) => (await getThrough(way, `http://${host}:${port}/`)).status;
    expect(await Promise.all(['a.test', 'x.b.test', 'b.test', 'nota.test'].map(status))).toEqual([
      200, 200, 403, 403,
    ]);
  });

  it('is what the caller says, before a name is looked up and with its addresses', async () => {
    const asked: unknown[] = [];
    const way = await opened(
      { 'a.test': [outside] },
      {
        mayReach: (url, addresses) => {
          asked.push([url.hostname, addresses?.map(({ address }) => address)]);
          if (url.hostname === 'never.test' || addresses) throw new Error('the rule says no');
        },
      },
    );
    expect(await tunnelThrough(way, 'never.test:443')).toMatchObject({
      status: 403,
      body: 'the rule says no\n',
    });
    expect(await tunnelThrough(way, 'a.test:443')).toMatchObject({ status: 403 });
    expect(asked).toEqual([
      ['never.test', undefined],
      ['a.test', undefined],
      ['a.test', [outside]],
    ]);
  });

  it('is told with how often it was asked for', async () => {
    const way = await opened({}, { allowedHosts: [] });
    await tunnelThrough(way, 'evil.test:443');
    await tunnelThrough(way, 'evil.test:443');
    expect(way.refused()).toEqual([
      { target: 'evil.test:443', reason: 'the host is not one of those that are allowed', count: 2 },
    ]);
  });
});

describe('what goes through', () => {
  const trusted = { limits: { allowPrivate: ['a.test'] } };

  it('is a request, without what only the proxy may read', async () => {
    const way = await opened({ 'a.test': ['127.0.0.1'] }, {}, trusted);
    const answer = await getThrough(way, `http://a.test:${port}/`, {
      'proxy-authorization': 'Basic c2VjcmV0',
    });
    expect(answer).toEqual({ status: 200, body: 'canary GET no token' });
  });

  it('is a tunnel', async () => {
    const way = await opened({ 'a.test': ['127.0.0.1'] }, {}, trusted);
    const asked = 'GET /large HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';
    const { status, body } = await tunnelThrough(way, `a.test:${port}`, asked);
    expect(status).toBe(200);
    expect(body.endsWith('x'.repeat(50_000))).toBe(true);
  });

  it('ends at the limit of bytes', async () => {
    const way = await opened({ 'a.test': ['127.0.0.1'] }, { maxBytes: 10_000 }, trusted);
    await getThrough(way, `http://a.test:${port}/large`).catch(() => undefined);
    expect(await getThrough(way, `http://a.test:${port}/`)).toMatchObject({
      status: 403,
      body: expect.stringContaining('more than 10000 bytes'),
    });
  });

  it('ends when the opening is closed', async () => {
    const way = await opened({ 'a.test': ['127.0.0.1'] }, {}, trusted);
    const open = tunnelThrough(way, `a.test:${port}`, 'GET / HTTP/1.1\r\n');
    await expect.poll(() => way.bytes()).toBeGreaterThan(0);
    await way.close();
    expect(await open).toMatchObject({ status: 200 });
    await expect(getThrough(way, `http://a.test:${port}/`)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });
});

describe('the shared doors', () => {
  const by = (token: string) => ({
    'proxy-authorization': `Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
  });

  it('ask for a pass, each of which has its own rules', async () => {
    const proxy = proxyTo('a.test');
    const [open, shut] = [proxy.pass({}), proxy.pass({ allowedHosts: [] })];
    const { port: local, socketPath } = await proxy.doors();
    const tokens = [by('guess'), by(shut.token), by(open.token)];
    for (const door of [{ host: '127.0.0.1', port: local }, { socketPath }]) {
      const answers = [{}, ...tokens].map((each) => getThrough(door, `http://a.test:${port}/`, each));
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([407, 407, 403, 200]);
    }
  });

  it('do not know a pass that was given back', async () => {
    const proxy = proxyTo('a.test');
    const pass = proxy.pass({});
    const door = { host: '127.0.0.1', port: (await proxy.doors()).port };
    pass.close();
    const answer = await getThrough(door, `http://a.test:${port}/`, by(pass.token));
    expect(answer.status).toBe(407);
  });

  it('keeps the names of sockets from others', async () => {
    const way = await opened({});
    expect((await stat(dirname(way.socketPath))).mode & 0o777).toBe(0o711);
  });
});
