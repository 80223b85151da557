/** A tool server whose tool `dig` is run as a task. `node task-server.ts <era>` */
import { createInterface } from 'node:readline';

const era = process.argv[2] ?? '2025';
const isNew = era === '2026';

interface Message {
  id?: number | string;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
}

const send = (message: object): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const complete = (result: object) => (isNew ? { resultType: 'complete', ...result } : result);
const said = (text: string) => ({ content: [{ type: 'text', text }] });

/** How often the state of the task was asked for. */
let asked = 0;
let status = 'working';
let answers: unknown;
const createdAt = '2026-11-21T10:00:00Z';
const task = () => ({ taskId: 'task-7', status, createdAt, lastUpdatedAt: createdAt, ttl: 60_000 });
const newTask = () => ({ ...task(), ttlMs: 60_000, pollIntervalMs: 100 });

function greet({ id }: Message): void {
  const capabilities = { tools: {}, tasks: { requests: { tools: { call: {} } }, cancel: {} } };
  const extensions = { 'io.modelcontextprotocol/tasks': {} };
  const serverInfo = { name: 'tasks', version: '1' };
  if (!isNew) return send({ id, result: { protocolVersion: '2025-11-25', capabilities, serverInfo } });
  const found = { supportedVersions: ['2026-07-28'], capabilities: { tools: {}, extensions } };
  send({ id, result: complete({ ...found, ttlMs: 0, cacheScope: 'private' }) });
}

function list({ id }: Message): void {
  const tool = (name: string) => ({
    name,
    inputSchema: { type: 'object' },
    execution: { taskSupport: 'required' },
  });
  const cached = isNew ? { ttlMs: 0, cacheScope: 'private' } : {};
  send({ id, result: complete({ tools: ['dig', 'dig_for_ever', 'dig_in_vain'].map(tool), ...cached }) });
}

let digging = '';

function begin({ id, params }: Message): void {
  digging = String(params?.['name']);
  asked = 0;
  status = 'working';
  if (isNew) return send({ id, result: { resultType: 'task', ...newTask() } });
  if (params?.['task'] === undefined)
    return send({ id, error: { code: -32_601, message: 'Only as a task' } });
  send({ id, result: { task: { ...task(), pollInterval: 100 } } });
}

function tell({ id }: Message): void {
  asked += 1;
  if (digging === 'dig_in_vain') status = 'failed';
  if (digging === 'dig' && asked === 2)
    status = isNew && answers === undefined ? 'input_required' : 'completed';
  if (digging === 'dig' && answers !== undefined) status = 'completed';
  if (!isNew) return send({ id, result: task() });
  const schema = { type: 'object', properties: { depth: { type: 'integer' } } };
  const question = { mode: 'form', message: 'How deep?', requestedSchema: schema };
  const extra: Record<string, object> = {
    input_required: { inputRequests: { depth: { method: 'elicitation/create', params: question } } },
    completed: { result: complete(said(`found ${JSON.stringify(answers)}`)) },
    failed: { error: { code: -32_000, message: 'only stones' } },
  };
  send({ id, result: complete({ ...newTask(), ...extra[status] }) });
}

const methods: Record<string, (message: Message) => void> = {
  [isNew ? 'server/discover' : 'initialize']: greet,
  'tools/list': list,
  'tools/call': begin,
  'tasks/get': tell,
  'tasks/update': ({ id, params }) => {
    answers = params?.['inputResponses'];
    send({ id, result: complete({}) });
  },
  'tasks/result': ({ id }) => {
    const failed = status === 'failed' ? { isError: true } : {};
    send({ id, result: { ...said(status === 'failed' ? 'only stones' : 'found it'), ...failed } });
  },
  'tasks/cancel': ({ id }) => {
    process.stderr.write('the task was cancelled\n');
    status = 'cancelled';
    send({ id, result: isNew ? complete({}) : task() });
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message: Message = JSON.parse(line);
  const answer = methods[message.method ?? ''];
  if (answer) answer(message);
  else if (message.id !== undefined && message.method !== undefined)
    send({ id: message.id, error: { code: -32_601, message: 'Method not found' } });
});
