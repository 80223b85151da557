import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnBatuta } from './kit/spawn-batuta.ts';

const main = fileURLToPath(new URL('../bin/batuta', import.meta.url));
const agent =
  '---\nname: assistant\ndescription: Answers.\nmodel: offline/extractive\n---\n\nYou answer questions.\n';
const skill = '---\nname: greet\ndescription: Greets people.\n---\n\nSay hello.\n';

const accountant =
  '---\nname: accountant\ndescription: Counts.\nmodel: anthropic/claude-sonnet-5-5\ntools: [calculator]\npermissions: [{ ask: calculator }]\n---\n\nYou count.\n';

let folder: string;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), 'batuta-mcp-'));
  for (const name of ['agents', 'skills', 'skills/greet']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'agents/assistant.md'), agent);
  writeFileSync(join(folder, 'agents/accountant.md'), accountant);
  writeFileSync(join(folder, 'skills/greet/SKILL.md'), skill);
  // Nothing listens there: the command starts a platform of its own.
  writeFileSync(join(folder, 'batuta.yaml'), 'server:\n  port: 1\n');
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A client that others wrote, with a process of ours at the other end of its pipes. */
async function connect(era: string): Promise<Client> {
  const { PATH = '', HOME = '' } = process.env;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'mcp', '--project', folder],
    env: {
      PATH,
      HOME,
      LANG: 'C',
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: emulator.addresses.anthropic,
    },
    stderr: 'ignore',
  });
  const mode = era === '2025-11-25' ? ('legacy' as const) : { pin: era };
  const client = new Client(
    { name: 'foreign', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  await client.connect(transport);
  return client;
}

describe.each(['2025-11-25', '2026-07-28'])('batuta mcp, to a client of %s', (era) => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(era);
  }, 60_000);
  afterAll(() => client.close());

  test('is the same server as over HTTP: tools, prompts, templates, instructions', async () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect(client.getInstructions()).toContain('run_agent');
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThanOrEqual(14);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['agent-accountant', 'agent-assistant', 'skill-greet']);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name)).toEqual(['artifact', 'agent']);
  });

  test('has an agent work, and tells how far it is', async () => {
    const steps: number[] = [];
    const task = { agent: 'assistant', input: 'Lighthouses were built of stone. What were they built of?' };
    const { structuredContent } = await client.callTool(
      { name: 'run_agent', arguments: task },
      { onprogress: ({ progress }) => void steps.push(progress) },
    );
    expect(structuredContent).toMatchObject({ run: { status: 'succeeded' } });
    // A run may be over before a second step is told.
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(steps.toSorted((left, right) => left - right));
  });

  test('says what is wrong with a call, and what does not exist', async () => {
    const call = client.callTool({ name: 'get_run', arguments: { run_id: 'nonsense' } });
    expect(await call).toMatchObject({ isError: true });
    await expect(client.readResource({ uri: 'batuta://agents/nobody' })).rejects.toMatchObject({
      code: -32602,
    });
    expect(await client.getPrompt({ name: 'skill-greet' })).toMatchObject({
      messages: [{ content: { text: 'Say hello.' } }],
    });
  });

  test('puts a decision before the person of the client, and brings the answer back', async () => {
    const asked: string[] = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { agree: true } };
    });
    emulator.script([toolCalls([{ name: 'calculator', arguments: { expression: '1+1' } }]), text('2')]);
    const task = { agent: 'accountant', input: 'How much?' };
    const waiting = await client.callTool({ name: 'run_agent', arguments: task });
    expect(waiting.structuredContent).toMatchObject({ run: { status: 'waiting', waiting_for: 'approval' } });
    const list = await client.callTool({ name: 'list_approvals', arguments: {} });
    const { items } = list.structuredContent as { items: { id: string; run_id: string }[] };
    const decision = { approval_id: items[0]?.id, decision: 'approve' };
    const decided = await client.callTool({ name: 'decide_approval', arguments: decision });
    expect(decided.structuredContent).toMatchObject({ decision: 'approve', tool: 'calculator' });
    expect(asked).toEqual([expect.stringContaining('Call: calculator {"expression":"1+1"}')]);
    const after = { run_id: items[0]?.run_id, wait_seconds: 20 };
    const ended = await client.callTool({ name: 'get_run', arguments: after });
    expect(ended.structuredContent).toMatchObject({ run: { status: 'succeeded', output: { text: '2' } } });
  });
});

test('nothing but the protocol is written to standard output, and the end of the input ends the command', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const started = spawnBatuta(['mcp', '--project', folder], {
    folder,
    input: `${JSON.stringify(message)}\n`,
  });
  expect(await started.ended).toBe(0);
  for (const line of started.output().trim().split('\n').filter(Boolean)) {
    expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  }
});

test('a key that does not fit is an error of the command', async () => {
  const started = spawnBatuta(['mcp', '--url', 'http://127.0.0.1:1', '--key', 'wrong'], { folder });
  expect(await started.ended).not.toBe(0);
  expect(started.output()).toBe('');
});

test('batuta skills lists what there is and says what is wrong', async () => {
  const sound = spawnBatuta(['skills', '--project', folder], { folder });
  expect(await sound.ended).toBe(0);
  expect(sound.output()).toMatch(/greet .*0 .*Greets people\./);
  mkdirSync(join(folder, 'skills/broken'));
  writeFileSync(join(folder, 'skills/broken/SKILL.md'), skill.replace('description', 'descripton'));
  const broken = spawnBatuta(['skills'], { folder });
  expect(await broken.ended).toBe(1);
  expect(broken.output()).toContain(
    'skills/broken/SKILL.md:3: "descripton" is not known here. Did you mean "description"?',
  );
  rmSync(join(folder, 'skills/broken'), { recursive: true });
});
