import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handedOn } from '../../src/adapter/mcp-client/handed-on.ts';
import { LastWords } from '../../src/adapter/mcp-client/last-words.ts';
import { clientOf, TestProject } from '../project/test-project.ts';
import { PackageRegistry } from './package-registry.ts';

const startMs = 90_000;

test('a process is given where things are, and nothing that lets it in anywhere', () => {
  const kept = {
    HOME: '/home/anna',
    HTTPS_PROXY: 'http://proxy.test:3128',
    npm_config_registry: 'https://npm.test/',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
  };
  const { PATH, ...handed } = handedOn({
    ...kept,
    PATH: '/home/anna/.local/bin:bin:.:/usr/bin',
    BATUTA_ADMIN_KEY: 'key',
    ANTHROPIC_API_KEY: 'key',
    AWS_SECRET_ACCESS_KEY: 'key',
    'npm_config_//npm.test/:_authToken': 'key',
    npm_config__auth: 'key',
    NODE_OPTIONS: '--require ./spy.cjs',
    http_proxy: 'http://anna:secret@proxy.test:3128',
    uv_index_url: 'https://token@pypi.test/simple',
    LANG: '',
  });
  expect(handed).toEqual(kept);
  expect(PATH?.split(':').slice(1)).toEqual(['/usr/local/bin', '/usr/bin', '/bin', '/home/anna/.local/bin']);
});

test.each([
  [
    [
      'npm error code E404',
      "npm error 404  The requested resource 'x@*' could not be found",
      'npm error 404',
    ],
    "404  The requested resource 'x@*' could",
  ],
  [
    [
      'npm error code ECONNREFUSED',
      'npm error FetchError: request to http://x failed',
      'npm error     at a (b.js:1)',
    ],
    'FetchError: request to http://x failed',
  ],
  [
    ['node:internal', 'Error: Cannot find module /x.js', '    at a', 'Node.js v24.0.0'],
    'Error: Cannot find module /x.js',
  ],
  [['listening', 'bye'], 'bye'],
])('of what a process said last the reason is told: %j', (lines, reason) => {
  const words = new LastWords();
  for (const line of lines) words.add(line);
  words.add('npm error A complete log of this run can be found in: /x.log');
  expect(words.reason).toContain(reason);
});

const declared = { tiny: { command: 'npx', args: ['-y', 'tiny-tool-server@1.0.0'] } };
const agents = {
  hands:
    '---\nname: hands\ndescription: Calls.\nmodel: offline/direct\ntools: [mcp:tiny/seen]\n---\n\nYou call.\n',
};

function projectWith(registry: PackageRegistry): TestProject {
  const home = join(registry.folder, 'home');
  mkdirSync(home, { recursive: true });
  const environment = {
    HOME: home,
    npm_config_registry: registry.url,
    npm_config_fetch_retries: '0',
    SPY: 'x',
  };
  const project = new TestProject({ agents, environment });
  writeFileSync(join(project.folder, 'batuta.yaml'), JSON.stringify({ mcp: { servers: declared } }));
  return project;
}

test(
  'npx downloads while the platform works, and starts without a network later',
  { timeout: startMs * 2 },
  async () => {
    await using registry = await new PackageRegistry().listen();
    await using project = projectWith(registry);
    const platform = await project.start();
    const client = clientOf(platform);
    const source = async () => (await client.tools.list({ source: 'mcp:tiny' })).sources[0];
    await registry.asked;
    expect(await source()).toMatchObject({ state: 'starting', problems: [] });
    registry.release();
    await expect.poll(source, { timeout: startMs }).toMatchObject({ state: 'ready', tools: 1 });
    const { id } = await client.runs.create({ agent: 'hands', input: '{"tool":"tiny_seen"}' });
    const run = await client.runs.wait(id);
    const seen: string[] = JSON.parse(run.output?.text ?? '[]');
    expect(seen).toEqual(expect.arrayContaining(['PATH', 'HOME', 'npm_config_registry']));
    expect(seen.filter((name) => name.startsWith('BATUTA') || name === 'SPY')).toEqual([]);
    await platform.stop({ now: true });
    await registry.stop();
    const again = clientOf(await project.start());
    await expect
      .poll(async () => (await again.tools.list()).sources[0], { timeout: startMs })
      .toMatchObject({ state: 'ready' });
  },
);

test('npx says why where there is no network', { timeout: startMs }, async () => {
  await using registry = await new PackageRegistry().listen();
  await using project = projectWith(registry);
  await registry.stop();
  const client = clientOf(await project.start());
  const source = async () => (await client.tools.list()).sources[0];
  await expect.poll(source, { timeout: startMs }).toMatchObject({
    state: 'failing',
    problems: [{ message: expect.stringContaining('ECONNREFUSED') }],
  });
});
