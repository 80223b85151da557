import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, text, toolCalls, type EmulatedRequest, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientOf, TestProject } from '../project/test-project.ts';
import type { BatutaClient } from '@batuta/sdk';

const shipped = join(import.meta.dirname, '../../../skills/meeting-notes');
const agents = {
  scribe: `---
name: scribe
description: Writes minutes.
tools: [run_python, write_file]
skills: [meeting-notes]
---

You write minutes.
`,
  reader: `---
name: reader
description: Writes minutes without running anything.
skills: [meeting-notes]
---

You write minutes.
`,
};
const usage = { inputTokens: 10, outputTokens: 5 };
const transcript = 'Ana: Good morning.\nBen: I will send the offer by Friday.\nAna: Fine.\n';

let emulator: Emulator;
let project: TestProject;
let client: BatutaClient;

beforeAll(async () => {
  emulator = await startEmulator();
  project = new TestProject({
    agents,
    environment: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: emulator.addresses.anthropic },
    overrides: { 'model.default': 'anthropic/claude-sonnet-5-5' },
  });
  cpSync(shipped, join(project.folder, 'skills/meeting-notes'), { recursive: true });
  client = clientOf(await project.start());
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await emulator.stop();
});

async function run(agent: string) {
  const { id } = await client.runs.create({ agent, input: 'Minutes, please.' });
  return client.runs.wait(id);
}

function results(request: EmulatedRequest | undefined) {
  return request?.messages.findLast(({ role }) => role === 'tool')?.toolResults ?? [];
}

const load = { name: 'load_skill', arguments: { name: 'meeting-notes' } };

const template = {
  name: 'read_skill_file',
  arguments: { name: 'meeting-notes', path: 'references/template.md' },
};
const code =
  "import subprocess; print(subprocess.run(['python3', 'skills/meeting-notes/scripts/action_items.py', 'call.txt'], capture_output=True, text=True).stdout)";

describe('a run with the skill that ships', () => {
  test('loads it, reads its template, runs its script on its own file, and nobody is asked', async () => {
    emulator.script([
      toolCalls([load], { usage }),
      toolCalls([template, { name: 'write_file', arguments: { path: 'call.txt', content: transcript } }], {
        usage,
      }),
      toolCalls([{ name: 'run_python', arguments: { code } }], { usage }),
      text('Ben sends the offer by Friday.', { usage }),
    ]);
    expect(await run('scribe')).toMatchObject({
      status: 'succeeded',
      output: { text: 'Ben sends the offer by Friday.' },
    });
    const [first, second, third, fourth] = emulator.requests;
    expect(first?.system).toContain('- meeting-notes: Turns a transcript or rough notes');
    expect(first?.system).not.toContain('Read the whole transcript');
    expect(results(second)[0]?.text).toMatch(/Read the whole transcript[^]*under skills\/meeting-notes\//);
    expect(results(third)[0]?.text).toContain('## Action items');
    expect(results(fourth)[0]?.text).toContain('2: Ben: I will send the offer by Friday.\n1 lines');
  });

  test('an agent that runs nothing is told of the files only', async () => {
    emulator.script([toolCalls([load], { usage }), text('Done.', { usage })]);
    await run('reader');
    expect(results(emulator.requests[1])[0]?.text).toContain('Files of this skill, for read_skill_file:');
  });

  test.each([
    ['an unknown skill', { name: 'load_skill', arguments: { name: 'minutes' } }, 'there are: meeting-notes'],
    [
      'a path out of it',
      { name: 'read_skill_file', arguments: { name: 'meeting-notes', path: '../../agents/scribe.md' } },
      'has no file',
    ],
    [
      'an absolute path',
      { name: 'read_skill_file', arguments: { name: 'meeting-notes', path: '/etc/passwd' } },
      'has no file',
    ],
  ])('%s is a failed call that says what there is', async (_, call, expected) => {
    emulator.script([toolCalls([call], { usage }), text('Sorry.', { usage })]);
    await run('reader');
    expect(results(emulator.requests[1])[0]).toMatchObject({
      isError: true,
      text: expect.stringContaining(expected),
    });
  });
});
