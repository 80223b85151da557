import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { BrowserSettings } from '../../src/adapter/browser-playwright/playwright-browser.ts';
import { makeTestBrowser, useBrowser } from './browser-kit.ts';

const tryIt = `
  try { new WebSocket('ws://' + HOST + '/socket').onopen = (event) => event.target.send('an order'); } catch (error) { postMessage(error.message); }
  try { new Worker('/try.js').onmessage = () => postMessage('went on'); } catch (error) { postMessage(error.message); }
  try { new WebSocketStream('ws://' + HOST + '/socket'); } catch (error) { postMessage(error.message); }
  fetch('http://' + HOST + '/order', { method: 'POST', body: 'an order' }).catch(() => postMessage('held back'));`;

const workers: Readonly<Record<string, string>> = {
  'of a file': 'new Worker("/try.js")',
  'of a text': 'new Worker(URL.createObjectURL(new Blob([TEXT])))',
  'that is a module': 'new Worker("/try.js", { type: "module" })',
  'of a frame': 'FRAME',
};

let server: Server;
let url: string;
let arrived: string[] = [];
let made: ReturnType<typeof makeTestBrowser>;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.method === 'POST') arrived.push(`POST ${request.url}`);
    const kind = new URL(request.url ?? '', url).searchParams.get('kind');
    const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.setHeader('content-type', type).end(kind === null ? script(request.url ?? '') : pageWith(kind));
  });
  server.on('upgrade', ({ headers, url: path }, socket) => {
    arrived.push(`upgrade ${path}`);
    const accept = createHash('sha1').update(
      `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
    );
    socket.on('data', () => arrived.push('message')).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  arrived = [];
  await made.close();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function script(path: string): string {
  const host = JSON.stringify(new URL(url).host);
  return path === '/try.js' ? tryIt.replaceAll('HOST', host) : '';
}

function pageWith(kind: string): string {
  const text = JSON.stringify(script('/try.js'));
  const worker = kind === 'of a frame' ? workers['of a file'] : workers[kind]?.replace('TEXT', text);
  const body = `<ol></ol><script>
    ${worker}.onmessage = ({ data }) => (document.querySelector('ol').innerHTML += '<li>' + data);
  </script>`;
  return kind === 'of a frame' ? `<iframe srcdoc="${body.replaceAll('"', '&quot;')}"></iframe>` : body;
}

it.each<[string, Partial<BrowserSettings>]>([
  ...Object.keys(workers).map((kind): [string, object] => [kind, {}]),
  ['of a text', { jail: 'off' }],
])('sends nothing by a worker %s (%j)', { timeout: 60_000 }, async (kind, settings) => {
  made = makeTestBrowser({ limits: { allowPrivate: [new URL(url).host] } }, settings);
  const user = useBrowser(made.browser);
  await user.call('browser_open', { url: `${url}/?kind=${encodeURIComponent(kind)}` });
  const look = async () => (await user.call('browser_observe', {})).text;
  await expect.poll(look, { timeout: 30_000 }).toContain('listitem: held back');
  expect((await look()).match(/WebSockets and workers of workers are not open/g)).toHaveLength(3);
  expect(arrived).toEqual([]);
});
