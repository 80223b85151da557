import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jailCommand } from '../../src/adapter/browser-playwright/chromium-jail.ts';
import { findJail } from '../../src/adapter/browser-playwright/find-jail.ts';
import { startChromium, type StartedChromium } from '../../src/adapter/browser-playwright/start-chromium.ts';
import { makeEgressProxy } from '../../src/adapter/egress-proxy/egress-proxy.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

const proxy = makeEgressProxy();
let folder: string;
let canary: LocalServer;
let hits = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'batuta-jail-test-'));
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'platform-secret'), 'value-of-the-secret');
  for (const name of ['home', 'downloads', 'profile']) {
    await mkdir(join(folder, name));
    await chmod(join(folder, name), 0o777);
  }
  canary = await listenLocally((_request, response) => {
    hits += 1;
    response.end('reached');
  });
});
afterAll(async () => {
  await proxy.close();
  await canary.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a program says that runs where Chromium would: as far as a page gets that has taken over the whole browser. */
async function insideJail(script: string): Promise<string> {
  const { jail } = await findJail('auto');
  if (!jail) throw new TypeError('this machine cannot make the jail');
  const { socketPath } = await proxy.doors();
  const [program = '', ...rest] = await jailCommand(jail, { executable: '/bin/sh', folder, socketPath });
  const child = spawn(program, [...rest, '-c', script], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  let seen = '';
  const listen = (piece: Buffer) => void (seen += piece.toString());
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  await once(child, 'close');
  await rm(join(folder, 'jail'), { recursive: true });
  return seen;
}

describe('a browser that was taken over', () => {
  it('finds no file of the platform, of its users and of the machine', async () => {
    const seen = await insideJail(
      `cat ${folder}/platform-secret ${import.meta.filename} /etc/shadow; for f in / /etc /tmp ${folder}; do echo in $f: $(ls -A $f); done`,
    );
    expect(seen).not.toMatch(/value-of-the-secret|root:|shadow\b(?!:)/);
    expect(seen).toContain(`in ${folder}: downloads home profile\n`);
    expect(seen).toMatch(/^in \/: bin dev etc lib[\w ]* opt proc sbin tmp usr var$/m);
  });

  it('sees no process of others, and has no rights', async () => {
    const seen = await insideJail(
      'cat /proc/[0-9]*/environ | tr "\\0" "\\n"; grep -E "^(Cap|NoNew)" /proc/self/status',
    );
    expect(seen).not.toContain('VITEST');
    expect(seen).toMatch(/CapEff:\t0+\n/);
    expect(seen).toMatch(/CapBnd:\t0+\n[\s\S]*NoNewPrivs:\t1/);
  });

  it('has no network but the proxy', async () => {
    const ask = (to: string, options = '') =>
      `/opt/batuta/node -e "fetch('${to}').then((a) => a.text()).then(console.log, (e) => console.log('failed', e.cause?.code))" ${options};`;
    const seen = await insideJail(
      `${ask(canary.url)} export NODE_USE_ENV_PROXY=1 http_proxy=http://127.0.0.1:3128; ${ask(canary.url)} cat /proc/net/dev`,
    );
    expect(seen).toContain('failed ECONNREFUSED');
    expect(seen).not.toContain('reached');
    expect(seen.match(/^\s*\w+:/gm)?.map((name) => name.trim())).toEqual(['lo:']);
    expect(hits).toBe(0);
  });

  it('changes no program and no policy', async () => {
    const seen = await insideJail(
      'for f in /etc/chromium/policies/managed/batuta.json /usr/bin/x /etc/x /opt/batuta/inside/start.mjs; do echo no > $f && echo written $f; done; cat /etc/chromium/policies/managed/batuta.json',
    );
    expect(seen).not.toContain('written');
    expect(seen).toContain('"URLBlocklist":["file://*"');
    await expect(readFile('/etc/chromium/policies/managed/batuta.json')).rejects.toThrow('ENOENT');
  });
});

describe('a jailed browser', () => {
  let started: StartedChromium;
  beforeAll(async () => {
    const doors = await proxy.doors();
    const executable = process.env['BATUTA_BROWSER_EXECUTABLE'];
    started = await startChromium({ executable, isolation: 'sandbox', jail: 'auto', doors });
  });
  afterAll(() => started.close());

  // Each in a window of its own, by the driver itself: the tools do not let such addresses come so far.
  it.each([
    'file:///etc/passwd',
    'file:///',
    'chrome://version',
    'chrome://policy',
    'view-source:http://a.test',
  ])('is not allowed to open %s by its policies', { timeout: 60_000 }, async (address) => {
    const context = await started.chromium.newContext();
    const page = await context.newPage();
    await expect(page.goto(address)).rejects.toThrow('ERR_BLOCKED_BY_ADMINISTRATOR');
    await context.close();
  });
});
