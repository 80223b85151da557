import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrowserWindow } from '../../src/port/browser.ts';
import { makeTestBrowser } from './browser-kit.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

/** A server that no page may reach, and one that counts packets. */
let hits: string[] = [];
let packets = 0;
let canary: LocalServer;
let site: LocalServer;
let scripts: Record<string, string> = {};
let window: BrowserWindow;
let browser: ReturnType<typeof makeTestBrowser>;
const udp = createSocket('udp4').on('message', () => (packets += 1));

beforeAll(async () => {
  canary = await listenLocally((request, response) => {
    hits.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('canary');
  });
  await new Promise<void>((done) => udp.bind(0, '127.0.0.1', () => done()));
  site = await listenLocally((request, response) => {
    const path = request.url ?? '/';
    const isScript = path.endsWith('.js');
    const text = scripts[path] ?? '';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    if (path.startsWith('/redirect'))
      response.writeHead(Number(path.slice(-3)), { location: canary.url + path });
    response.end(isScript ? text : `<title>Site</title><body>${text}</body>`);
  });
  const limits = { ports: ['80', '443', canary.port], allowPrivate: [`site.test:${site.port}`] };
  // In its jail the browser has no way to them at all: here it is the walls inside of it that must hold.
  browser = makeTestBrowser({ resolve, limits }, { jail: 'off' });
  window = await browser.browser.openWindow({ state: null, mayReach: () => undefined });
});

beforeEach(() => {
  hits = [];
  packets = 0;
  asked = 0;
});

afterAll(async () => {
  await browser.close();
  await Promise.all([site.close(), canary.close()]);
  udp.close();
});

let asked = 0;
async function resolve(name: string) {
  if (name === 'rebind.test')
    return [{ address: (asked += 1) === 1 ? '198.51.100.7' : '127.0.0.1', family: 4 as const }];
  if (name === 'mixed.test')
    return [
      { address: '93.184.216.34', family: 4 as const },
      { address: '127.0.0.1', family: 4 as const },
    ];
  return name.endsWith('.test') || name === 'localhost' ? [{ address: '127.0.0.1', family: 4 as const }] : [];
}

const signal = new AbortController().signal;
const open = (address: string) =>
  window.open(new URL(address), { newPage: false, signal }).catch((error: Error) => error.message);

/** Opens a page of the site that tries something, and waits until it is quiet. */
async function visit(html: string, files: Record<string, string> = {}): Promise<void> {
  scripts = { '/try': html, ...files };
  await open(`http://site.test:${site.port}/try`);
}

describe('a page that is opened', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '127.1',
    '0.0.0.0',
    'mixed.test',
    'inner.test',
  ])('is not at %s', async (host) => {
    expect(await open(`http://${host}:${canary.port}/`)).toMatch(/could not open/);
    expect(hits).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('does not redirect there with %d', async (status) => {
    await open(`http://site.test:${site.port}/redirect${status}`);
    expect(hits).toEqual([]);
  });

  it('is not at a name that changes its mind', async () => {
    await open(`http://rebind.test:${canary.port}/`);
    await open(`http://rebind.test:${canary.port}/`);
    expect(hits).toEqual([]);
    expect(asked).toBeGreaterThan(1);
  });

  it.each([
    'file:///etc/passwd',
    'chrome://version',
    'view-source:file:///etc/passwd',
    'devtools://devtools',
  ])('is not %s', async (address) => {
    expect(await open(address)).toMatch(/could not open/);
  });
});

describe('what a page loads', () => {
  const at = (path: string) => `http://127.0.0.1:${canary.port}${path}`;
  it.each<[string, () => string]>([
    ['an image', () => `<img src="${at('/img')}">`],
    ['a script', () => `<script src="${at('/script')}"></script>`],
    [
      'a style',
      () => `<style>@import url("${at('/css')}"); body { background: url("${at('/background')}") }</style>`,
    ],
    [
      'a frame',
      () =>
        `<iframe src="${at('/frame')}"></iframe><object data="${at('/object')}"></object><embed src="${at('/embed')}">`,
    ],
    ['a refresh', () => `<meta http-equiv="refresh" content="0; url=${at('/refresh')}">`],
    [
      'a prefetch',
      () =>
        `<link rel="prefetch" href="${at('/prefetch')}"><link rel="preconnect" href="${at('/')}"><link rel="prerender" href="${at('/')}">`,
    ],
    [
      'fetch',
      () =>
        `<script>fetch("${at('/fetch')}").catch(() => 0); fetch("${at('/post')}", { method: 'POST', body: 'x', mode: 'no-cors' }).catch(() => 0)</script>`,
    ],
    ['a beacon', () => `<script>navigator.sendBeacon("${at('/beacon')}", 'x')</script>`],
    ['a popup', () => `<script>open("${at('/popup')}")</script>`],
    ['an event source', () => `<script>new EventSource("${at('/events')}")</script>`],
    ['a WebSocket', () => `<script>new WebSocket("ws://127.0.0.1:${canary.port}/socket")</script>`],
    [
      'a WebSocket without the wrapper of the page',
      () =>
        `<iframe srcdoc="<script>new WebSocket('ws://127.0.0.1:${canary.port}/socket')</script>"></iframe>`,
    ],
    [
      'WebTransport',
      () => `<script>try { new WebTransport("https://127.0.0.1:${canary.port}/wt") } catch {}</script>`,
    ],
    [
      'a form',
      () => `<form method="post" action="${at('/form')}"></form><script>document.forms[0].submit()</script>`,
    ],
    ['a frame of a redirect', () => `<iframe src="/redirect302"></iframe><img src="/redirect307">`],
    [
      'a worker of text',
      () =>
        `<script>new Worker(URL.createObjectURL(new Blob(["fetch('${at('/blob')}').catch(() => 0); new WebSocket('ws://127.0.0.1:${canary.port}/blob')"])))</script>`,
    ],
  ])('is not reached by %s', async (_how, html) => {
    await visit(html());
    expect(hits).toEqual([]);
  });

  it('is not reached by workers', async () => {
    const work = `fetch('${at('/worker')}').catch(() => 0); importScripts('${at('/import')}'); new WebSocket('ws://127.0.0.1:${canary.port}/ws')`;
    await visit(`<script>new Worker('/work.js'); try { new SharedWorker('/work.js') } catch {}</script>`, {
      '/work.js': work,
    });
    expect(hits).toEqual([]);
  });

  it('is not reached by WebRTC', async () => {
    const { port } = udp.address();
    const servers = JSON.stringify([
      { urls: `stun:127.0.0.1:${port}` },
      { urls: `turn:127.0.0.1:${port}`, username: 'u', credential: 'p' },
    ]);
    await visit(`<script>
      const peer = new RTCPeerConnection({ iceServers: ${servers} });
      peer.createDataChannel('x');
      peer.onicegatheringstatechange = () => { if (peer.iceGatheringState === 'complete') document.title = 'gathered'; };
      peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      setTimeout(() => fetch('/wait'), 100);
    </script>`);
    await expect.poll(async () => (await window.view({})).title, { timeout: 15_000 }).toBe('gathered');
    expect(packets).toBe(0);
  });
});
