/** A tool server whose person must open a page of it: asked in the middle of a call, or before it is made. Its page is at the address that it says. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

interface Message {
  id?: number | string;
  method?: string;
  params?: { name?: string };
  result?: { action?: string };
}

const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

let isConnected = false;
const site = createServer((request, response) => {
  isConnected ||= request.url === '/connect?for=ana';
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
  if (pathname === '/done')
    send({ method: 'notifications/elicitation/complete', params: { elicitationId: searchParams.get('of') } });
  response.end('Connected.');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => site.once('listening', resolve));
const { port } = site.address() as AddressInfo;

const page = {
  mode: 'url',
  message: 'Sign in to the shop.',
  url: `http://127.0.0.1:${port}/connect?for=ana`,
};
const pages: Readonly<Record<string, object>> = {
  connect: { ...page, elicitationId: 'one' },
  trick: { ...page, elicitationId: 'two', url: 'javascript:alert(1)' },
  disguise: { ...page, elicitationId: 'three', url: 'https://bank.example@127.0.0.1/' },
};

const inputSchema = { type: 'object' };
const tools = [...Object.keys(pages), 'buy'].map((name) => ({ name, inputSchema }));
const waiting = new Map<number | string, number | string>();

const answer = (id: number | string, text: string): void =>
  send({ id, result: { content: [{ type: 'text', text }] } });

function call(id: number | string, name: string): void {
  if (name === 'buy' && isConnected) return answer(id, 'bought');
  if (name === 'buy') {
    const data = { elicitations: [pages['connect']] };
    return send({ id, error: { code: -32_042, message: 'Sign in first.', data } });
  }
  waiting.set(`asked-${id}`, id);
  send({ id: `asked-${id}`, method: 'elicitation/create', params: pages[name] });
}

const serverInfo = { name: 'pages', version: '1' };
const greeting = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };

const methods: Record<string, (id: number | string, name: string) => void> = {
  initialize: (id) => send({ id, result: greeting }),
  'tools/list': (id) => send({ id, result: { tools } }),
  'tools/call': call,
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result }: Message = JSON.parse(line);
  if (id === undefined) return;
  const asked = waiting.get(id);
  if (asked !== undefined)
    return answer(asked, `${result?.action}, ${isConnected ? 'connected' : 'not connected'}`);
  const known = methods[method ?? ''];
  if (known) known(id, params?.name ?? '');
  else if (method !== undefined) send({ id, error: { code: -32_601, message: 'Method not found' } });
});
