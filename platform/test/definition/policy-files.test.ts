import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testPolicies } from '../../src/composition/test-policies.ts';
import { inspectAgentFiles } from '../../src/composition/inspect-project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'batuta-policies-'));
  await write('tools/refund.ts', refundTool);
  await write('agents/clerk.md', clerk);
});
afterEach(() => rm(folder, { recursive: true }));

const refundTool = `import { z } from 'zod';
import { defineTool } from '@batuta/platform/tool';
export const refund = defineTool({
  name: 'refund', description: 'Refunds.', input: z.object({ cents: z.number() }),
  annotations: { readOnly: false, destructive: false }, execute: () => 'done',
});
export const mystery = defineTool({ name: 'mystery', description: 'Who knows.', input: z.object({}), execute: () => 'done' });
`;
const clerk = `---
name: clerk
description: A clerk.
tools: [refund, mystery, http_fetch]
permissions:
  - allow: refund
    arguments: { cents: { at_most: 100 } }
---
You are a clerk.
`;

const desk = `---
name: desk
description: A desk.
strategy: route
agents: [clerk]
permissions:
  - ask: refund
    approver: administrator
---
Desk.
`;

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function problems(): Promise<string[]> {
  const reports = await inspectAgentFiles({ projectFolder: folder, environment: {} });
  return reports.flatMap(({ file, problems: found }) =>
    found.map(({ line, reason, hint }) => `${file}:${line}: ${reason}.${hint}`),
  );
}

async function cases(text: string) {
  const source = { file: 'cases.yaml', content: new TextEncoder().encode(text) };
  return (await testPolicies({ projectFolder: folder, environment: {} }, source)).cases;
}

describe('a policy file', () => {
  test('that is sound has no problems, also where a pattern finds no tool', async () => {
    await write(
      'policies/house.yaml',
      'agents: [cl*]\ntaint: deny\nrules:\n  - deny: mcp:*\n  - ask: refund\n',
    );
    await write('policies/empty.yaml', '');
    await write('policies/test/cases.yaml', 'not: a policy');
    expect(await problems()).toEqual([]);
  });

  test.each([
    ['rules:\n  - deny: refunt', '2: there is no tool "refunt". Did you mean "refund"?'],
    ['rules:\n  - forbid: refund', '2: "rules[0].forbid" is not known here. Known: allow, arguments,'],
    [
      'rules:\n  - deny: refund\n    reson: x',
      '3: "rules[0].reson" is not known here. Did you mean "reason"?',
    ],
    ['agents: [clark]\nrules: []', '1: there is no agent "clark". Did you mean "clerk"?'],
    ['taint: off', '1: "taint" must be ask or deny, not "off".'],
    [
      'rules:\n  - deny: refund\n    arguments:\n      url: { hosts: ["a b"] }',
      '4: "a b" is no host pattern',
    ],
    ['rules:\n  - deny: refund\n    arguments: { c: { commands: ["** rm"] } }', 'must begin with a program'],
    [
      'rules:\n  - deny: refund\n    time: { zone: Here }',
      '3: "rules[0].time.zone" must be a time zone such as',
    ],
    [
      'rules:\n  - deny: refund\n    arguments: { c: { at_least: 9, at_most: 1 } }',
      'at_least must not be more',
    ],
    ['rules:\n  - deny: refund\n    approver: member', '"rules[0].approver" is not known here'],
    ['rules: [', 'not valid YAML'],
  ])('%j says where it is wrong', async (text, message) => {
    await write('policies/house.yaml', text);
    const [first = ''] = await problems();
    expect(first).toContain('policies/house.yaml:');
    expect(first).toContain(message);
  });

  test('and a team are sources of rules, with file and line', async () => {
    await write(
      'policies/house.yaml',
      'rules:\n  - allow: refund\n  - deny: refund\n    arguments: { cents: { at_least: 1000 } }\n',
    );
    await write('teams/desk.md', desk);
    const [much, little] = await cases(
      'cases:\n  - { agent: clerk, tool: refund, arguments: { cents: 5000 }, expect: { effect: deny } }\n  - { agent: clerk, tool: refund, arguments: { cents: 5 }, expect: { effect: ask } }\n',
    );
    expect(much).toMatchObject({
      passed: true,
      line: 2,
      found: { rule: { file: 'policies/house.yaml', line: 3 } },
    });
    expect(little?.found).toMatchObject({
      approver: 'administrator',
      rule: { source: 'team', file: 'teams/desk.md', line: 7 },
      also: [
        { source: 'project', line: 2 },
        { source: 'agent', file: 'agents/clerk.md', line: 6 },
      ],
    });
  });
});

const manyCases = `
tenant: { rules: [{ deny: http_fetch, roles: [viewer], reason: Viewers do not browse. }] }
cases:
  - name: small refunds run
    agent: clerk
    tool: refund
    arguments: { cents: 100 }
    expect: { effect: allow, rule: "allow: refund", source: agent }
  - { agent: clerk, tool: refund, arguments: { cents: 101 }, expect: { effect: ask, source: default } }
  - { agent: clerk, tool: mystery, expect: { effect: deny, rule: "deny: unknown tools" } }
  - { agent: clerk, tool: http_fetch, arguments: { url: "https://a.example/" }, role: viewer, expect: { effect: deny } }
  - { agent: clerk, tool: http_fetch, arguments: { url: "https://a.example/" }, taint: [untrusted, private], expect: { effect: ask, source: taint } }
  - { agent: clerk, tool: refund, arguments: { cents: 1 }, expect: { effect: deny } }
  - { agent: clerk, tool: refund, arguments: { cents: 1 }, expect: { effect: allow, source: tenant } }
  - { agent: clerk, tool: refund, expect: { effect: allow } }
  - { agent: nobody, tool: refund, expect: { effect: allow } }
`;

describe('a file of cases', () => {
  test('passes and fails case by case', async () => {
    const found = await cases(manyCases);
    expect(found.map(({ passed }) => passed)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(found.slice(-2).map(({ error }) => error)).toEqual([
      expect.stringContaining('"cents" is missing'),
      expect.stringContaining('no agent "nobody"'),
    ]);
  });

  test.each([
    ['cases: []', 'at least 1'],
    ['cases:\n  - { agent: clerk, tool: refund }', 'cases.yaml:2: "cases[0].expect" is missing'],
    ['cases:\n  - { agent: clerk, tool: refund, expect: { effect: maybe } }', 'allow or ask or deny'],
  ])('%j is refused with its line', async (text, message) => {
    await expect(cases(text)).rejects.toThrow(message);
  });
});
