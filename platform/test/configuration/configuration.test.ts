import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProjectFolder } from '../../src/adapter/project-folder/project-folder.ts';
import {
  effectiveConfiguration,
  loadConfiguration,
  secretValues,
} from '../../src/application/configuration/load-configuration.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'batuta-configuration-'));
});
afterEach(() => rm(path, { recursive: true }));

interface Given {
  yaml?: string;
  environment?: Record<string, string>;
  overrides?: Record<string, string>;
}

async function load({ yaml, environment = {}, overrides = {} }: Given) {
  if (yaml !== undefined) await writeFile(join(path, 'batuta.yaml'), yaml);
  return loadConfiguration({ folder: await openProjectFolder(path), environment, overrides });
}

async function accepted(given: Given) {
  const loaded = await load(given);
  if (loaded.ok) return loaded;
  throw new AggregateError(loaded.problems, 'the configuration was refused');
}

async function refused(given: Given): Promise<string[]> {
  const loaded = await load(given);
  return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
}

test('without file and variables everything has its default', async () => {
  const { configuration, warnings } = await accepted({ environment: { PATH: '/bin', HOME: '/root' } });
  expect(configuration.server).toMatchObject({ host: '127.0.0.1', port: 3000, allowedHosts: [] });
  expect(configuration.worker).toMatchObject({ concurrency: 64, leaseSeconds: 3, pollMs: 1000 });
  expect(configuration.database).toMatchObject({ url: undefined, dataDir: join(path, '.batuta') });
  expect(configuration.tool.resultMaxBytes).toBe(16_384);
  expect(warnings).toEqual([]);
});

test('command line wins over environment, environment over file, file over default', async () => {
  const yaml = 'server:\n  port: 4001\n  host: 0.0.0.0\n  max_body_bytes: 5000\n';
  const environment = { BATUTA_PORT: '4002', BATUTA_HOST: '10.0.0.1' };
  const { configuration, effective } = await accepted({
    yaml,
    environment,
    overrides: { 'server.port': '0' },
  });
  expect(configuration.server).toMatchObject({ port: 0, host: '10.0.0.1', maxBodyBytes: 5000 });
  const sources = Object.fromEntries(effective.map(({ setting, source }) => [setting.name, source]));
  expect(sources).toMatchObject({
    'server.port': 'command line',
    'server.host': 'environment BATUTA_HOST',
    'server.max_body_bytes': 'batuta.yaml:4',
    'worker.poll_ms': 'default',
  });
});

test('lists and maps can come from the file and from variables', async () => {
  const yaml =
    'model:\n  default: [openai/gpt-5.6, offline/extractive]\nprices:\n  models:\n    openai/gpt-5.6: { input: 1, output: 2 }\n';
  const environment = {
    BATUTA_ALLOWED_HOSTS: 'a.example, b.example:8080',
    BATUTA_MODEL_CONTEXT_TOKENS: '{"ollama/llama": 8192}',
    BATUTA_MODEL_ENDPOINTS: '{"vllm":{"base_url":"http://gpu:8000/v1","api_key_variable":"VLLM_KEY"}}',
  };
  const { configuration } = await accepted({ yaml, environment });
  expect(configuration.model).toMatchObject({
    default: ['openai/gpt-5.6', 'offline/extractive'],
    contextTokens: { 'ollama/llama': 8192 },
    endpoints: { vllm: { base_url: 'http://gpu:8000/v1', api_key_variable: 'VLLM_KEY' } },
  });
  expect(configuration.prices.models).toEqual({ 'openai/gpt-5.6': { input: 1, output: 2 } });
  expect(configuration.server.allowedHosts).toEqual(['a.example', 'b.example:8080']);
});

test.each<[Given, string]>([
  [
    { environment: { BATUTA_PORT: '70000' } },
    'server.port (from environment BATUTA_PORT) must be a whole number from 0 to 65535, not "70000".',
  ],
  [
    { environment: { BATUTA_PORT: '0x10' } },
    'server.port (from environment BATUTA_PORT) must be a whole number from 0 to 65535, not "0x10".',
  ],
  [
    { yaml: '# port\nserver:\n  port: high\n' },
    'server.port (from batuta.yaml:3) must be a whole number from 0 to 65535, not "high".',
  ],
  [
    { yaml: 'server:\n  port: 3.5\n' },
    'server.port (from batuta.yaml:2) must be a whole number from 0 to 65535, not 3.5.',
  ],
  [
    { overrides: { 'server.port': '-1' } },
    'server.port (from command line) must be a whole number from 0 to 65535, not "-1".',
  ],
  [
    { yaml: 'server:\n  prot: 1\n' },
    'server.prot (from batuta.yaml:2) is not a known setting; the nearest is "server.port".',
  ],
  [
    { yaml: 'sever:\n  port: 1\n' },
    'sever (from batuta.yaml:1) is not a known group; the nearest is "server".',
  ],
  [{ yaml: 'server: 3000\n' }, 'server (from batuta.yaml:1) must be a map of settings.'],
  [{ yaml: '- server\n' }, 'batuta.yaml (from batuta.yaml:1) must be a map of groups, such as "server:".'],
  [
    { overrides: { 'server.prt': '1' } },
    'server.prt (from command line) is not a known setting; the nearest is "server.port".',
  ],
  [
    { environment: { BATUTA_LOG_LEVEL: 'wran' } },
    'log.level (from environment BATUTA_LOG_LEVEL) must be debug or info or warn or error or silent, not "wran"; the nearest is "warn".',
  ],
  [
    { environment: { DATABASE_URL: 'mysql://u:hidden@h/d' } },
    'database.url (from environment DATABASE_URL) must be an address such as postgres://user:password@host:5432/database.',
  ],
  [
    { environment: { BATUTA_PRICES: '{' } },
    'prices.models (from environment BATUTA_PRICES) must be JSON: a map from model reference, which may end in *, to input, output and cached_input.',
  ],
  [
    { yaml: 'prices:\n  models:\n    house*: { input: 1, output: 2 }\n' },
    'must be a model reference such as house/llama-4, which may end in *',
  ],
  [
    { yaml: 'budget:\n  time_zone: Mars/Olympus\n' },
    'budget.time_zone (from batuta.yaml:2) must be an IANA time zone such as America/Sao_Paulo, not "Mars/Olympus".',
  ],
  [
    { yaml: 'model:\n  endpoints:\n    vllm: { base_ulr: http://x }\n' },
    '"vllm.base_ulr" is not known here (did you mean "base_url"?).',
  ],
  [
    { environment: { ANTHROPIC_BASE_URL: 'example.com' } },
    'provider.anthropic_base_url (from environment ANTHROPIC_BASE_URL) must be an address that begins with http:// or https://, not "example.com".',
  ],
])('%j is refused', async (given, message) => {
  expect((await refused(given)).join('\n')).toContain(message);
});

test('all problems are told at once, with their lines', async () => {
  const yaml = 'server:\n  port: x\nworker:\n  lease_seconds: 0\nfoo: 1\n';
  const messages = await refused({ yaml, environment: { BATUTA_LOG_LEVEL: 'loud' } });
  expect(messages.map((message) => message.split(' ')[0])).toEqual([
    'foo',
    'server.port',
    'worker.lease_seconds',
    'log.level',
  ]);
});

test('broken YAML and a key twice name file and line', async () => {
  expect(await refused({ yaml: 'server:\n  port: 1\n  port: 2\n' })).toEqual([
    'batuta.yaml (from batuta.yaml:3) is not valid YAML: map keys must be unique.',
  ]);
});

test('a group whose lines are all comments and an empty variable say nothing', async () => {
  const { effective } = await accepted({ yaml: 'server:\n#  port: 1\n', environment: { BATUTA_PORT: '' } });
  expect(effective.find(({ setting }) => setting.name === 'server.port')?.source).toBe('default');
});

test('an unknown BATUTA_ variable is a warning with the nearest name', async () => {
  const { warnings } = await accepted({ environment: { BATUTA_PROT: '1', BATUTA_URL: 'http://x' } });
  expect(warnings).toEqual([
    'The environment variable BATUTA_PROT is not known and has no effect. Did you mean "BATUTA_PORT"?',
  ]);
});

test('a secret can come from a file, trimmed', async () => {
  await writeFile(join(path, 'key.txt'), '  sk-from-file\n');
  const { configuration, effective } = await accepted({ environment: { ANTHROPIC_API_KEY_FILE: 'key.txt' } });
  expect(configuration.provider.anthropicApiKey).toBe('sk-from-file');
  const found = effective.find(({ setting }) => setting.name === 'provider.anthropic_api_key');
  expect(found?.source).toBe('file of ANTHROPIC_API_KEY_FILE');
});

test.each([
  [
    { ANTHROPIC_API_KEY_FILE: 'nowhere.txt' },
    /file of ANTHROPIC_API_KEY_FILE\) cannot be read: nowhere\.txt: ENOENT/,
  ],
  [{ ANTHROPIC_API_KEY_FILE: 'empty.txt' }, /cannot be read: empty\.txt is empty/],
  [
    { ANTHROPIC_API_KEY_FILE: 'key.txt', ANTHROPIC_API_KEY: 'x' },
    /is set twice, by ANTHROPIC_API_KEY and ANTHROPIC_API_KEY_FILE: unset one of them/,
  ],
])('%j is refused', async (environment, message) => {
  await writeFile(join(path, 'key.txt'), 'sk-1');
  await writeFile(join(path, 'empty.txt'), ' \n');
  expect((await refused({ environment })).join()).toMatch(message);
});

test('a variable with _FILE for a setting that is no secret is unknown', async () => {
  const { warnings } = await accepted({ environment: { BATUTA_PORT_FILE: 'x' } });
  expect(warnings[0]).toContain('BATUTA_PORT_FILE');
});

test('secrets are masked where the configuration is shown, and known where they must be hidden', async () => {
  const environment = { BATUTA_ADMIN_KEY: 'very-secret-1', DATABASE_URL: 'postgres://u:very-secret-2@h/d' };
  const { effective } = await accepted({ environment });
  const shown = effectiveConfiguration(effective);
  expect(JSON.stringify(shown)).not.toContain('very-secret');
  expect(shown.find(({ name }) => name === 'server.admin_key')).toMatchObject({
    value: '********',
    source: 'environment BATUTA_ADMIN_KEY',
  });
  expect(shown.find(({ name }) => name === 'bus.redis_url')?.value).toBe('(not set)');
  expect(secretValues(effective)).toEqual([
    { name: 'server.admin_key', value: 'very-secret-1' },
    { name: 'database.url', value: 'postgres://u:very-secret-2@h/d' },
  ]);
});

test('a secret that is refused is not repeated', async () => {
  const messages = await refused({ environment: { BATUTA_ADMIN_KEY: 'hidden word', REDIS_URL: 'hidden' } });
  expect(messages).toHaveLength(2);
  expect(messages.join()).not.toContain('hidden');
});

test('a secret in the file is a warning', async () => {
  const { warnings } = await accepted({ yaml: 'server:\n  admin_key: abcdefghijklmnop\n' });
  expect(warnings).toEqual([
    'server.admin_key is a secret and stands in batuta.yaml:2: better set BATUTA_ADMIN_KEY or BATUTA_ADMIN_KEY_FILE.',
  ]);
});

test('a short administrator key is a warning', async () => {
  const { warnings } = await accepted({ environment: { BATUTA_ADMIN_KEY: 'short' } });
  expect(warnings).toEqual(['server.admin_key has fewer than 16 characters, so it could be guessed.']);
});

test('each mistake in a plan is named with its line', async () => {
  const yaml = `limits:
  plans:
    free:
      tenant:
        requests_per_minute: 0
        request_per_day: 5
      keys: {}
    Gold: {}
`;
  expect(await refused({ yaml })).toEqual([
    expect.stringMatching(
      /limits\.plans.*batuta\.yaml:5.*"free\.tenant\.requests_per_minute" must be at least 1/,
    ),
    expect.stringMatching(/batuta\.yaml:6.*"free\.tenant\.request_per_day" is not known.*requests_per_day/),
    expect.stringMatching(/batuta\.yaml:7.*"free\.keys" is not known.*did you mean "key"/i),
    expect.stringMatching(/batuta\.yaml:8.*must be lower-case letters/),
  ]);
});

test('the default plan must be one that there is', async () => {
  const yaml = 'limits:\n  plans:\n    basic: { tenant: { requests_per_day: 5 } }\n  default_plan: basik\n';
  expect(await refused({ yaml })).toEqual([
    expect.stringMatching(/batuta\.yaml:4.*names the plan "basik".*the nearest is "basic"/),
  ]);
  const { configuration } = await accepted({ yaml: yaml.replace('basik', 'unlimited') });
  expect(configuration.limits.defaultPlan).toBe('unlimited');
});

test.each(['300.1.1.1', '10.0.0.0/33', 'localhost', '10.0.0.0/8/9', '2001:db8::/129'])(
  'the trusted proxy %s is refused',
  async (proxy) => {
    expect(await refused({ environment: { BATUTA_TRUSTED_PROXIES: `10.0.0.0/8,${proxy}` } })).toEqual([
      expect.stringMatching(/server\.trusted_proxies.*must be a list of IP addresses and networks/),
    ]);
  },
);
