import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { makeHttpFetchTool, type HttpFetchOptions } from '../../src/adapter/http-fetch/http-fetch.ts';
import type { FetchLimits } from '../../src/adapter/http-fetch/fetch-policy.ts';
import type { ResolvedAddress } from '../../src/adapter/pinned-http/resolve-host.ts';
import { toolContext } from './tool-context.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Change = Partial<FetchLimits> & Omit<HttpFetchOptions, 'limits'> & { signal?: AbortSignal };

async function fetchFrom(
  url: string,
  { resolve, connectTo, signal, ...change }: Change = {},
): Promise<string> {
  const limits: FetchLimits = {
    timeoutSeconds: 5,
    maxBytes: 100_000,
    maxRedirects: 5,
    ports: ['80', '443'],
    allowPrivate: [],
    ...change,
  };
  const tool = makeHttpFetchTool({ limits, ...(resolve && { resolve }), ...(connectTo && { connectTo }) });
  const result = await tool.execute({ url }, toolContext(signal === undefined ? {} : { signal }));
  return typeof result === 'string' ? result : '';
}

/** Fetches from a server of this test, whose address is excepted. */
async function fetchOwn(listener: RequestListener, change: Change = {}): Promise<string> {
  const host = await serve(listener);
  return fetchFrom(`http://${host}/page`, { allowPrivate: [host], ...change });
}

function answer(body: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener {
  return (_, response) => response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
}

test('a text comes back with status, address and content type', async () => {
  expect(await fetchOwn(answer('Hello.'))).toMatch(
    /^status: 200\naddress: http:\/\/127\.0\.0\.1:\d+\/page\ncontent-type: text\/plain\n\nHello\.$/,
  );
});

test('an error status comes back with its text', async () => {
  expect(await fetchOwn(answer('{"no":"such thing"}', { 'content-type': 'application/json' }, 404))).toMatch(
    /^status: 404\n[^]*\{"no":"such thing"\}$/,
  );
});

test('a page becomes readable text with its title and absolute links', async () => {
  const html =
    '<html><head><title>A &amp; B</title><style>x{}</style></head><body><nav>menu</nav><script>bad()</script><h1>Head</h1><p>One <a href="/two#x">two</a>.</p></body>';
  const text = await fetchOwn(answer(html, { 'content-type': 'text/html; charset=utf-8' }));
  expect(text).toContain('title: A & B\n');
  expect(text).toMatch(/# Head\n\nOne \[two\]\(http:\/\/127\.0\.0\.1:\d+\/two\)\./);
  expect(text).not.toMatch(/menu|bad\(\)|x\{\}/);
});

test('the charset of the header is used', async () => {
  const body = Buffer.from('ol\u00e1', 'latin1');
  expect(await fetchOwn(answer(body, { 'content-type': 'text/plain; charset=iso-8859-1' }))).toContain('olá');
});

test.each([
  ['gzip', gzipSync('packed text')],
  ['br', brotliCompressSync('packed text')],
])('%s is unpacked', async (encoding, body) => {
  expect(await fetchOwn(answer(body, { 'content-encoding': encoding }))).toContain('packed text');
});

test('nothing of the platform is sent along', async () => {
  const text = await fetchOwn((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([request.method, Object.keys(request.headers).toSorted()]));
  });
  expect(JSON.parse(text.split('\n\n')[1] ?? '')).toEqual([
    'GET',
    ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
  ]);
});

test('redirects are followed to the final address', async () => {
  const text = await fetchOwn((request, response) => {
    if (request.url === '/page') response.writeHead(302, { location: '/final?x=1' }).end();
    else response.setHeader('content-type', 'text/plain').end('there');
  });
  expect(text).toMatch(/address: http:\/\/127\.0\.0\.1:\d+\/final\?x=1\n[^]*there$/);
});

test.each([
  ['http://127.0.0.1/', /The address 127\.0\.0\.1 is not public/],
  ['http://169.254.169.254/latest/', /169\.254\.169\.254 is not public/],
  ['http://[::ffff:10.0.0.1]/', /is not public/],
  ['file:///etc/passwd', /only http and https/],
  ['http://', /redirects to "http:\/\/", which is no address/],
])('a redirect to %s is refused', async (location, message) => {
  const redirect: RequestListener = (_, response) => response.writeHead(302, { location }).end();
  await expect(fetchOwn(redirect)).rejects.toThrow(message);
});

test('redirects end after the limit', async () => {
  const loop: RequestListener = (_, response) => response.writeHead(307, { location: '/page' }).end();
  await expect(fetchOwn(loop, { maxRedirects: 2 })).rejects.toThrow('more than 2 redirects');
});

/** A name server that answers public first and private afterwards, and a connector that notes where it was sent. */
function rebinding(host: string) {
  const answers = ['93.184.215.14', '127.0.0.1'];
  const connected: string[] = [];
  const resolve = async (): Promise<ResolvedAddress[]> => [{ address: answers.shift() ?? '', family: 4 }];
  const port = Number(host.split(':')[1]);
  const connectTo = (addresses: readonly ResolvedAddress[]) => {
    connected.push(...addresses.map(({ address }) => address));
    return new Agent({
      connect: { lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
    });
  };
  return { options: { resolve, connectTo, ports: [String(port)] }, connected, port };
}

test('a name is resolved once: the connection goes to the address that was checked', async () => {
  const host = await serve(answer('public answer'));
  const { options, connected, port } = rebinding(host);
  expect(await fetchFrom(`http://rebind.test:${port}/`, options)).toContain('public answer');
  expect(connected).toEqual(['93.184.215.14']);
});

test('a name that turns private is refused at the next redirect', async () => {
  const host = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
  const { options, connected, port } = rebinding(host);
  await expect(fetchFrom(`http://rebind.test:${port}/`, options)).rejects.toThrow(
    '127.0.0.1 (of rebind.test)',
  );
  expect(connected).toEqual(['93.184.215.14']);
});

test('the connection of a name goes to the resolved address, whatever the system would answer', async () => {
  const host = await serve(answer('pinned'));
  const name = `does-not-exist.test:${host.split(':')[1]}`;
  const resolve = async (): Promise<ResolvedAddress[]> => [{ address: '127.0.0.1', family: 4 }];
  expect(await fetchFrom(`http://${name}/`, { resolve, allowPrivate: [name] })).toContain('pinned');
});

test('a page that announces too much is not read', async () => {
  const large = answer('x'.repeat(2000), { 'content-length': '2000' });
  await expect(fetchOwn(large, { maxBytes: 1000 })).rejects.toThrow('larger than 1000 bytes (2000)');
});

test('a page that never ends is given up at the limit', async () => {
  const endless: RequestListener = (_, response) => {
    response.setHeader('content-type', 'text/plain');
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', more);
    more();
  };
  await expect(fetchOwn(endless)).rejects.toThrow('larger than 100000 bytes');
});

test('a gzip bomb is given up at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
  const before = process.memoryUsage().rss;
  await expect(
    fetchOwn(answer(bomb, { 'content-encoding': 'gzip' }), { maxBytes: 1_000_000 }),
  ).rejects.toThrow('larger than 1000000 bytes');
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test.each<[string, RequestListener, RegExp]>([
  ['a broken gzip', answer('not gzip', { 'content-encoding': 'gzip' }), /incorrect header check/],
  ['an unknown encoding', answer('x', { 'content-encoding': 'zstd, gzip' }), /packed as "zstd, gzip"/],
  ['a binary file', answer('x', { 'content-type': 'image/png' }), /content type image\/png cannot be read/],
  ['a closed connection', (request) => request.socket.destroy(), /http_fetch failed: other side closed/],
])('%s is a clear failure', async (_, listener, message) => {
  await expect(fetchOwn(listener)).rejects.toThrow(message);
});

test('a server that does not answer in time is given up', async () => {
  await expect(fetchOwn(() => undefined, { timeoutSeconds: 0.2 })).rejects.toThrow(
    'http_fetch did not end within 0.2 s',
  );
});

test('a server that stops in the middle is given up', async () => {
  const stall: RequestListener = (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/plain' }).write('x');
  await expect(fetchOwn(stall, { timeoutSeconds: 0.2 })).rejects.toThrow('did not end within 0.2 s');
});

test('a name server that does not answer is given up', async () => {
  const resolve = () => new Promise<never>(() => undefined);
  await expect(fetchFrom('http://slow.test/', { resolve, timeoutSeconds: 0.1 })).rejects.toThrow(
    'within 0.1 s',
  );
});

test('a cancelled run stops the fetch', async () => {
  const abort = new AbortController();
  const reason = new DOMException('the run was cancelled', 'AbortError');
  const fetching = fetchOwn(() => abort.abort(reason), { signal: abort.signal });
  await expect(fetching).rejects.toBe(reason);
});
