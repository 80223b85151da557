import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { PolicyCaseReport } from '@batuta/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { fakePlatform } from './kit/fake-platform.ts';
import { testTerminal } from './kit/terminal.ts';

let api: FakeApi;
let folder: string;
beforeEach(async () => {
  api = new FakeApi();
  folder = await mkdtemp(join(tmpdir(), 'batuta-cases-'));
  await writeFile(join(folder, 'cases.yaml'), 'cases: []');
  await api.listen();
});
afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const house = { source: 'project', name: 'deny: shell', file: 'policies/house.yaml', line: 7 } as const;
const builtIn = { source: 'default', name: 'ask: effects', file: null, line: null } as const;
const explanation = {
  effect: 'deny',
  rule: house,
  reason: 'Nobody runs commands here.',
  approver: null,
  also: [{ source: 'tenant', name: 'ask: *', file: null, line: null }],
  not_holding: [{ source: 'agent', name: 'allow: shell', file: 'agents/a.md', line: 5 }],
  policy_version: 'abc',
} as const;

describe('batuta policy', () => {
  test('lists rules with where they stand', async () => {
    const rule = { deny: 'shell' };
    const items = [
      { ...house, effect: 'deny', agents: ['dev*'], rule },
      { ...builtIn, effect: 'ask', agents: null, rule: null },
    ];
    api.answers['GET /v1/policies'] = { items, next_cursor: null, taint: 'ask' };
    const { code, output } = await batuta(['policy'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/^deny: shell +project +dev\* +policies\/house.yaml:7$/m);
    expect(output).toMatch(/^ask: effects +default +all +built in$/m);
  });

  test('explains a call', async () => {
    api.answers['POST /v1/policies/explain'] = explanation;
    const words = ['policy', 'explain', '--agent', 'dev', '--tool', 'shell', '--args', '{"command":"ls"}'];
    const more = ['--role', 'viewer', '--taint', 'untrusted,private', '--at', '2027-03-01T09:00:00Z'];
    const { code, output } = await batuta([...words, ...more], { api });
    expect(code).toBe(0);
    expect((await api.received('POST /v1/policies/explain')).body).toEqual({
      agent: 'dev',
      tool: 'shell',
      arguments: { command: 'ls' },
      role: 'viewer',
      taint: ['untrusted', 'private'],
      at: '2027-03-01T09:00:00Z',
    });
    expect(output.split('\n')).toEqual([
      'denied: the call would not run',
      'Decides: deny: shell (policies/house.yaml:7)',
      'Reason: Nobody runs commands here.',
      'Also holds: ask: * (settings of the tenant)',
      'Does not hold: allow: shell (agents/a.md:5)',
      '',
    ]);
  });

  test('explains in Spanish and Portuguese', async () => {
    api.answers['POST /v1/policies/explain'] = { ...explanation, effect: 'ask', approver: 'administrator' };
    const words = ['policy', 'explain', '--agent', 'dev', '--tool', 'shell'];
    for (const [language, sentence] of [
      ['es_ES.UTF-8', 'Aprueba: administrator o superior'],
      ['pt_BR.UTF-8', 'Aprova: administrator ou superior'],
    ] as const) {
      const terminal = testTerminal({ environment: { LANG: language } });
      expect((await batuta(words, { api, terminal })).output).toContain(sentence);
    }
  });

  test.each([
    [['--args', '[1]'], '--args cannot be "[1]". It must be an object in JSON'],
    [['--args', '{'], '--args cannot be "{"'],
    [['--taint', 'secret'], '--taint cannot be "secret"'],
    [['--at', 'tomorrow'], '--at cannot be "tomorrow"'],
    [['--role', 'king'], '--role cannot be "king"'],
  ])('%j is typed wrongly', async (words, message) => {
    const { code, error } = await batuta(['policy', 'explain', '--agent', 'a', '--tool', 't', ...words], {
      api,
    });
    expect(code).toBe(64);
    expect(error).toContain(message);
  });
});

describe('batuta policy test', () => {
  const expected = { effect: 'allow' as const };
  const failing: PolicyCaseReport[] = [
    { name: 'good', line: 2, passed: true, expected, found: null, error: null },
    {
      name: 'shell',
      line: 9,
      passed: false,
      expected,
      found: { ...explanation, also: [], not_holding: [] },
      error: null,
    },
    { name: 'gone', line: 12, passed: false, expected, found: null, error: 'There is no agent "x".' },
  ];

  function platformWith(cases: PolicyCaseReport[]) {
    return fakePlatform({ testPolicies: async (_, { file }) => ({ file, cases }) });
  }

  test('says which cases fail, where, and why, and exits with 1', async () => {
    const file = join(folder, 'cases.yaml');
    const { code, output } = await batuta(['policy', 'test', file], { platform: platformWith(failing) });
    expect(code).toBe(1);
    expect(output).toMatch(
      /cases.yaml:9: shell: expected allow, found deny: deny: shell \(policies\/house.yaml:7\); Nobody runs/,
    );
    expect(output).toMatch(/cases.yaml:12: gone: There is no agent "x"\.\nCases: 3, failed: 2\.\n$/);
  });

  test('says how many hold, and exits with 0', async () => {
    const platform = platformWith(failing.slice(0, 1));
    const { code, output } = await batuta(['policy', 'test', join(folder, 'cases.yaml')], { platform });
    expect([code, output]).toEqual([0, 'Cases: 1, all hold.\n']);
  });

  test('of a file that is not there, or not sound, says so', async () => {
    const missing = await batuta(['policy', 'test', join(folder, 'none.yaml')]);
    expect(missing.code).toBe(1);
    expect(missing.error).toContain('none.yaml with cases. Write one');
    const data = { file: 'cases.yaml', line: 3, reason: '"cases" is missing', hint: '' };
    const platform = fakePlatform({
      testPolicies: () => Promise.reject(new BatutaError('agent-file-invalid', data)),
    });
    const unsound = await batuta(['policy', 'test', join(folder, 'cases.yaml')], { platform });
    expect([unsound.code, unsound.error]).toEqual([
      1,
      expect.stringContaining('cases.yaml:3: "cases" is missing'),
    ]);
  });
});
