/** A tool server whose tools have effects in the outside world. `node courier-server.ts <address of the outside world>` */
import { createInterface } from 'node:readline';

const outside = process.argv[2] ?? '';

interface Message {
  id?: number;
  method?: string;
  params?: { name?: string; arguments?: { case?: string; call?: string }; _meta?: Record<string, string> };
}

const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const inputSchema = {
  type: 'object',
  properties: { case: { type: 'string' }, call: { type: 'string' } },
  required: ['case', 'call'],
};
const tools = [
  { name: 'deliver_letter', inputSchema, annotations: { destructiveHint: true } },
  { name: 'deliver_parcel', inputSchema, annotations: { destructiveHint: false, idempotentHint: true } },
];

async function deliver({ id, params }: Message): Promise<void> {
  const { case: name, call } = params?.arguments ?? {};
  const { _meta: metadata = {} } = params ?? {};
  const headers = { 'idempotency-key': metadata['batuta/idempotency-key'] ?? '' };
  await fetch(`${outside}/${params?.name}/${name}/${call}`, { method: 'POST', headers });
  send({ id, result: { content: [{ type: 'text', text: 'delivered' }] } });
}

const serverInfo = { name: 'courier', version: '1' };
const greeting = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };

const methods: Record<string, (message: Message) => unknown> = {
  initialize: ({ id }) => send({ id, result: greeting }),
  'tools/list': ({ id }) => send({ id, result: { tools } }),
  'tools/call': deliver,
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message: Message = JSON.parse(line);
  const answer = methods[message.method ?? ''];
  if (answer) void answer(message);
  else if (message.id !== undefined)
    send({ id: message.id, error: { code: -32_601, message: 'Method not found' } });
});
