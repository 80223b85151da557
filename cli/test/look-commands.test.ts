import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { fakePlatform } from './kit/fake-platform.ts';
import { FakeRun } from './kit/fake-run.ts';
import { testTerminal } from './kit/terminal.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
});
afterEach(() => api.close());

const body = { agent: 'assistant', input: 'hi' };

describe('batuta runs', () => {
  test('lists runs, newest first, as the server gives them', async () => {
    const items = [new FakeRun('run_2', 'ses_1', body).view(), new FakeRun('run_1', 'ses_1', body).view()];
    api.answers['GET /v1/runs'] = { items, next_cursor: 'more' };
    const { code, output, error } = await batuta(['runs'], { api });
    expect(code).toBe(0);
    expect(output.split('\n')[0]).toBe('Run    Agent      State    Turns  Cost     Created');
    expect(output).toMatch(/run_2 +assistant +running +1 +\$0\.0015/);
    expect(output.indexOf('run_2')).toBeLessThan(output.indexOf('run_1'));
    expect(error).toContain('There are more.');
  });

  test('says so when there are none', async () => {
    api.answers['GET /v1/runs'] = { items: [], next_cursor: null };
    const { output } = await batuta(['runs', '--status', 'failed'], { api });
    expect(output).toBe('There are no such runs. `batuta run <agent> <text>` starts one.\n');
  });

  test('rows are cut to the width of a terminal, never in a pipe', async () => {
    const item = { ...new FakeRun('run_1', 'ses_1', body).view(), agent: 'a'.repeat(120) };
    api.answers['GET /v1/runs'] = { items: [item], next_cursor: null };
    const terminal = testTerminal({ terminal: true, environment: { NO_COLOR: '1' } });
    const narrow = await batuta(['runs'], { api, terminal });
    expect(narrow.output.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect((await batuta(['runs'], { api })).output).toContain('a'.repeat(120));
  });

  test('shows one run with its answer, made harmless', async () => {
    const run = new FakeRun('run_1', 'ses_1', body);
    run.succeed('An \u001B[5manswer');
    api.answers['GET /v1/runs/run_1'] = run.view();
    const { output } = await batuta(['runs', 'show', 'run_1'], { api });
    expect(output).toMatch(/^State +succeeded$/m);
    expect(output).toContain('\nAn answer\n');
  });

  test('shows until when a run waits', async () => {
    const waiting = { status: 'waiting', waiting_for: 'timer', waiting_until: '2026-11-23T08:00:00.000Z' };
    api.answers['GET /v1/runs/run_1'] = { ...new FakeRun('run_1', 'ses_1', body).view(), ...waiting };
    const { output } = await batuta(['runs', 'show', 'run_1'], { api });
    expect(output).toMatch(/^State +waiting: a timer, until 2026-11-23/m);
  });

  test('cancels with a reason', async () => {
    api.answers['POST /v1/runs/run_1/cancel'] = {
      ...new FakeRun('run_1', 'ses_1', body).view(),
      status: 'cancelled',
    };
    const { code, output } = await batuta(['runs', 'cancel', 'run_1', '--reason', 'too slow'], { api });
    expect(code).toBe(0);
    expect(output).toBe('Run run_1 is cancelled.\n');
    expect((await api.received('POST /v1/runs/run_1/cancel')).body).toEqual({ reason: 'too slow' });
  });

  test('a retry that the server refuses exits with 1 and says what is needed', async () => {
    const data = { id: 'run_1', status: 'running', action: 'retry', needed: 'failed' };
    api.answers['POST /v1/runs/run_1/retry'] = new BatutaError('run-state-conflict', data);
    const { code, error } = await batuta(['runs', 'retry', 'run_1'], { api });
    expect(code).toBe(1);
    expect(error).toBe('error: Run run_1 is running; retry needs it to be failed.\n');
  });
});

describe('batuta agents', () => {
  test('lists what the platform has loaded', async () => {
    const { output } = await batuta(['agents'], { api });
    expect(output).toMatch(/assistant +offline\/extractive +General\./);
  });

  test('validate says how many files are valid', async () => {
    const { code, output } = await batuta(['agents', 'validate']);
    expect(code).toBe(0);
    expect(output).toBe('Agent files: 1, all valid.\n');
  });

  test('validate prints file, line, reason and hint, and exits with 1', async () => {
    const problems = [{ line: 3, reason: 'the tool "calc" is unknown', hint: ' Did you mean "calculator"?' }];
    const platform = fakePlatform({
      inspectAgentFiles: async () => [
        { file: 'agents/bad.md', agent: null, problems },
        { file: 'agents/worse.md', agent: null, problems },
      ],
    });
    const { code, output } = await batuta(['agents', 'validate', 'agents/bad.md'], { platform });
    expect(code).toBe(1);
    expect(output).toBe(
      'agents/bad.md:3: the tool "calc" is unknown. Did you mean "calculator"?\nProblems: 1, in files: 1.\n',
    );
  });
});

describe('batuta agents validate', () => {
  test.each([
    ['agents/missing.md', 'agents/missing.md:1: does not exist.'],
    ['/etc/hostname', 'hostname:1: is not an agent file of the project /project'],
  ])('of %s says what is wrong with it', async (file, message) => {
    const { code, output } = await batuta(['agents', 'validate', file]);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });
});

describe('batuta limits', () => {
  const limits = [
    {
      subject: 'tenant',
      resource: 'tokens',
      per: 'day',
      limit: 500_000,
      left: 120_000,
      full_in_seconds: 65_664,
    },
    {
      subject: 'tool',
      resource: 'calls',
      per: 'minute',
      tool: 'http_fetch',
      limit: 20,
      left: 20,
      full_in_seconds: 0,
    },
  ];

  test('shows what may be used and what is left of it', async () => {
    api.answers['GET /v1/limits'] = { plan: 'free', limits };
    const { code, output } = await batuta(['limits'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/^Plan: free\n/);
    expect(output).toMatch(/your tenant +tokens +500000 a day +120000 +1094 min 24 s\n/);
    expect(output).toMatch(/tool http_fetch +calls +20 a minute +20\n/);
  });

  test('says so when nothing is limited, and prints JSON when asked', async () => {
    api.answers['GET /v1/limits'] = { plan: 'unlimited', limits: [] };
    expect((await batuta(['limits'], { api })).output).toBe('Plan: unlimited\nNothing is limited.\n');
    const { output } = await batuta(['limits', '--json'], { api });
    expect(JSON.parse(output)).toEqual({ plan: 'unlimited', limits: [] });
  });
});

describe('batuta tools', () => {
  const problem = 'The operation GET /x of the API "billing" is left out: at /paths/~1x: it has no name.';
  const page = {
    sources: [
      {
        name: 'openapi:billing',
        state: 'ready',
        tools: 2,
        problems: [{ code: 'api-operation-left-out', message: problem }],
      },
      { name: 'mcp:tickets', state: 'failing', tools: 0, problems: [] },
    ],
    items: [
      {
        reference: 'openapi:billing/getInvoice',
        name: 'billing_getInvoice',
        description: 'Gets an invoice.',
        source: 'openapi:billing',
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: true,
        policy: 'allow',
      },
    ],
    next_cursor: null,
  };

  test('shows sources, what is wrong with them, and tools', async () => {
    api.answers['GET /v1/tools'] = page;
    const { code, output } = await batuta(['tools'], { api });
    expect(code).toBe(0);
    expect(output).toMatch(/openapi:billing +ready +2\nmcp:tickets +failing +0\n/);
    expect(output).toContain(`Problems of openapi:billing:\n  - ${problem}\n`);
    expect(output).toMatch(/openapi:billing\/getInvoice +reads +allowed +Gets an invoice\.\n/);
  });

  test('asks for one source, and prints JSON when asked', async () => {
    api.answers['GET /v1/tools'] = page;
    const { output } = await batuta(['tools', '--source', 'mcp:tickets'], { api });
    expect(output).not.toContain('Problems of');
    expect(output).toMatch(/^Source .*\nmcp:tickets +failing +0\n\n/);
    const { output: json } = await batuta(['tools', '--json'], { api });
    expect(JSON.parse(json)).toEqual(page);
  });

  test('cuts long descriptions, which show tells whole', async () => {
    const description = `Gets an invoice. ${'Really. '.repeat(100)}`;
    api.answers['GET /v1/tools'] = { ...page, items: [{ ...page.items[0], description }] };
    const { output } = await batuta(['tools'], { api });
    expect(output.split('\n').every((line) => line.length < 200)).toBe(true);
    const terminal = testTerminal({ terminal: true, environment: { NO_COLOR: '1' } });
    const narrow = await batuta(['tools'], { api, terminal });
    expect(narrow.output).toMatch(/getInvoice +reads +allowed +Gets a/);
  });
});

describe('batuta tools show', () => {
  const rule = { source: 'project', name: 'ask: openapi:*', file: 'policies/house.yaml', line: 3 };
  const standing = { effect: 'ask', rule, reason: 'a rule', conditional: true };
  const tool = {
    reference: 'openapi:billing/pay',
    name: 'billing_pay',
    description: `Pays. ${'Word '.repeat(60)}end`,
    source: 'openapi:billing',
    read_only: false,
    destructive: true,
    idempotent: false,
    open_world: true,
    policy: 'ask',
    input_schema: { type: 'object', properties: { amount: { type: 'number' } } },
    undeclared: false,
    confined: false,
    private_data: false,
    untrusted: false,
    timeout_seconds: 30,
    secrets: [],
    missing: 'a key: set it',
    standing,
    agents: [{ ...standing, agent: 'clerk', effect: 'deny' }],
  };

  test('tells a tool whole, and what the rules say about it', async () => {
    api.answers['GET /v1/tools/openapi%3Abilling%2Fpay'] = tool;
    const { code, output } = await batuta(['tools', 'show', 'openapi:billing/pay'], { api });
    expect(code).toBe(0);
    expect(output).toContain('Word end\n');
    expect(output).toMatch(/^Missing +a key: set it$/m);
    expect(output).toMatch(/^Policy +asked · ask: openapi:\* \(policies\/house\.yaml:3\)$/m);
    expect(output).toContain('  clerk: denied · ');
    expect(output).toContain('"amount"');
    const { output: json } = await batuta(['tools', 'show', 'openapi:billing/pay', '--json'], { api });
    expect(JSON.parse(json)).toEqual(tool);
  });
});
