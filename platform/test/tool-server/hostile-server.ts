/**
 * A tool server that misbehaves on demand. `node hostile-server.ts <era> <habit>...`
 *
 * Its tools do what they are called: `die`, `garble`, `answer_another`, `answer_much`, `flood`, `hang`, `change` ... Habits change how it greets.
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [era = '2025', ...habits] = process.argv.slice(2);
const has = (habit: string) => habits.includes(habit);

interface Message {
  id?: number | string;
  method?: string;
  params?: { name?: string; arguments?: Record<string, string>; [key: string]: unknown };
  result?: Record<string, unknown>;
}

type Answer = Record<string, unknown>;

let names = [
  'die',
  'garble',
  'answer_another',
  'answer_much',
  'flood',
  'hang',
  'change',
  'ask',
  'count',
  'slow',
  'say',
];
if (has('many')) names = Array.from({ length: 900 }, (_, index) => `tool_${index}`);

const send = (message: Record<string, unknown>): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const complete = (result: Answer) => (era === '2026' ? { resultType: 'complete', ...result } : result);
const say = (text: string) => complete({ content: [{ type: 'text', text }] });

function greet({ id, method }: Message): void {
  if (has('silent')) return;
  if (has('welcoming')) {
    process.stdout.write('Welcome to my server!\n');
    process.exit(1);
  }
  const capabilities = { tools: has('untold') ? {} : { listChanged: true } };
  const serverInfo = { name: 'hostile', version: '1.0.0' };
  if (method === 'initialize')
    send({ id, result: { protocolVersion: '2025-11-25', capabilities, serverInfo } });
  else
    send({
      id,
      result: complete({ supportedVersions: ['2026-07-28'], capabilities, ttlMs: 0, cacheScope: 'private' }),
    });
}

function list({ id, params }: Message): void {
  if (has('listless')) return send({ id, result: { tools: 'none of your business' } });
  const schema = { type: 'object', properties: { text: { type: 'string' } } };
  const tools = names.map((name) => ({
    name,
    description: `Does ${name}.`,
    inputSchema: schema,
    ...annotationsOf(name),
  }));
  const page = Number(params?.['cursor'] ?? 0) + 1;
  const endless = has('endless') ? { nextCursor: String(page) } : {};
  const listed = has('endless') ? tools.map((tool) => ({ ...tool, name: `${tool.name}_${page}` })) : tools;
  const cached = era === '2026' ? { ttlMs: 0, cacheScope: 'private' } : {};
  send({ id, result: complete({ tools: listed, ...cached, ...endless }) });
}

function annotationsOf(name: string): Answer {
  if (name === 'say') return { annotations: { readOnlyHint: true } };
  return name === 'count' ? { annotations: { readOnlyHint: false, destructiveHint: false } } : {};
}

const waiting = new Map<string, (message: Message) => void>();

const behaviours: Record<string, (message: Message) => void> = {
  die: () => process.exit(3),
  garble: ({ id }) => {
    process.stdout.write('this is no message\n{"jsonrpc":"2.0"}\n[]\n');
    send({ id, result: { content: 'nothing that a client could read' } });
  },
  answer_another: ({ id }) => send({ id: Number(id) + 1000, result: say('for somebody else') }),
  answer_much: ({ id }) => send({ id, result: say('x'.repeat(100_000_000)) }),
  flood: () => {
    const more = () => {
      for (let line = 0; line < 500; line += 1)
        send({ method: 'notifications/message', params: { level: 'info', data: 'x' } });
      setImmediate(more);
    };
    more();
  },
  hang: () => {
    process.stdin.pause();
    process.stdin.removeAllListeners('data');
  },
  change: ({ id, params }) => {
    names = (params?.arguments?.['text'] ?? 'change').split(' ');
    if (!has('untold')) send({ method: 'notifications/tools/list_changed' });
    send({ id, result: say('changed') });
  },
  slow: ({ id }) => void setTimeout(() => send({ id, result: say('at last') }), 300),
  say: ({ id, params }) => send({ id, result: say(params?.arguments?.['text'] ?? '') }),
  count: ({ id, params }) => {
    appendFileSync(process.env['COUNTER'] ?? '/dev/null', `${JSON.stringify(params?.['_meta'])}\n`);
    send({ id, result: say('counted') });
  },
  ask: (message) => (era === '2026' ? askInAnswer(message) : askBeside(message)),
};

const question = {
  message: 'Which colour?',
  requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
};

function askBeside({ id }: Message): void {
  waiting.set('question', ({ result }) => send({ id, result: say(JSON.stringify(result)) }));
  send({ id: 'question', method: 'elicitation/create', params: { mode: 'form', ...question } });
}

function askInAnswer({ id, params }: Message): void {
  const responses = params?.['inputResponses'];
  if (responses !== undefined)
    return send({ id, result: say(JSON.stringify([responses, params?.['requestState']])) });
  const inputRequests = { colour: { method: 'elicitation/create', params: { mode: 'form', ...question } } };
  send({ id, result: { resultType: 'input_required', inputRequests, requestState: 'kept' } });
}

const methods: Record<string, (message: Message) => void> = {
  [era === '2026' ? 'server/discover' : 'initialize']: greet,
  'tools/list': list,
  'tools/call': (message) => (behaviours[message.params?.name ?? ''] ?? notThere)(message),
  ping: ({ id }) => send({ id, result: {} }),
};

function receive(message: Message): void {
  const { id, method } = message;
  if (method === undefined) return waiting.get(String(id))?.(message);
  const answer = methods[method];
  if (answer) return answer(message);
  if (id !== undefined && has('touchy')) process.exit(4);
  if (id !== undefined) send({ id, error: { code: -32_601, message: 'Method not found' } });
}

function notThere({ id, params }: Message): void {
  send({ id, error: { code: -32_602, message: `Unknown tool: ${params?.name}` } });
}

process.stderr.write('hostile server is there\n');
if (has('chatty')) for (let line = 0; line < 1_000; line += 1) process.stderr.write(`line ${line}\n`);
if (has('stubborn')) process.on('SIGTERM', () => undefined);
createInterface({ input: process.stdin }).on('line', (line) => receive(JSON.parse(line)));
if (has('stubborn')) setInterval(() => undefined, 1000);
