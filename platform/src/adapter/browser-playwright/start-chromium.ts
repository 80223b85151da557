import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { Browser as Chromium } from 'playwright-core';
import type { EgressDoors } from '../../port/egress-proxy.ts';
import { jailCommand, nodeOptions, ownFolder, portInside, unprivileged } from './chromium-jail.ts';
import { findChromium } from './find-chromium.ts';
import { findJail } from './find-jail.ts';

/** How Chromium is kept in: its own sandbox, or nothing where that cannot be had and somebody said so. */
export type Isolation = 'sandbox' | 'none';

/** What Chromium is started with. */
export interface StartOptions {
  executable: string | undefined;
  isolation: Isolation;
  /** Whether it is kept in namespaces of its own, where the machine can make them. */
  jail: 'auto' | 'off';
  /** The proxy. */
  doors: EgressDoors;
}

/** A running browser and the folder that it may write to. */
export interface StartedChromium {
  chromium: Chromium;
  /** Where it puts what it downloads. */
  downloads: string;
  /** Where it finds the proxy. */
  proxy: string;
  close(): Promise<void>;
}

const switches = [
  // Nothing but what goes through the proxy: no UDP of WebRTC, no QUIC, no lookups of its own.
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--dns-prefetch-disable',
  // Their requests are seen by nobody, so nothing could be held back.
  '--disable-shared-workers',
  '--disable-blink-features=SharedWorker,WebTransport,DirectSockets,WebUSB,WebBluetooth',
];

const prefix = 'batuta-browser-';

/**
 * Starts Chromium: without the environment of the platform, in a folder of its own, as another user when the platform is root. Errors:
 * `browser-missing`, `browser-failed`.
 */
export async function startChromium(options: StartOptions): Promise<StartedChromium> {
  const executable = await findChromium(options.executable);
  const folder = await makeFolder();
  try {
    const { chromium, proxy } = await launch(executable, folder, options);
    return {
      chromium,
      proxy,
      downloads: join(folder, 'downloads'),
      close: async () => {
        await chromium.close().catch(() => undefined);
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw failedToStart(error, options);
  }
}

async function launch(
  executable: string,
  folder: string,
  { isolation, jail, doors }: StartOptions,
): Promise<Pick<StartedChromium, 'chromium' | 'proxy'>> {
  // Loaded with the first window: nobody else waits for it.
  const [{ chromium }, found] = await Promise.all([import('playwright-core'), findJail(jail)]);
  const command = found.jail
    ? await jailCommand(found.jail, { executable, folder, socketPath: doors.socketPath })
    : [...unjailed, ...(isRoot() ? becomeUser : []), executable];
  const proxy = `http://127.0.0.1:${found.jail ? portInside : doors.port}`;
  const started = await chromium.launch({
    executablePath: await wrapped(command, folder),
    chromiumSandbox: isolation === 'sandbox',
    args: switches,
    downloadsPath: join(folder, 'downloads'),
    proxy: { server: proxy },
    env: environmentIn(folder),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: 30_000,
  });
  return { chromium: started, proxy };
}

function environmentIn(folder: string): Record<string, string> {
  const home = join(folder, 'home');
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: home, LANG: 'C.UTF-8' };
}

async function makeFolder(): Promise<string> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(folder, 0o711);
  for (const name of ['home', 'downloads', 'profile']) {
    const inner = join(folder, name);
    await mkdir(inner, { mode: 0o700 });
    if (isRoot()) await chown(inner, unprivileged, unprivileged);
  }
  return folder;
}

/** Removes folders of processes that were killed. */
async function sweep(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const left = names.filter((name) => !isAlive(Number(name.slice(prefix.length).split('-')[0])));
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}

function isAlive(processId: number): boolean {
  try {
    return processId > 0 && process.kill(processId, 0);
  } catch (error) {
    // There is one, and it is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A script in the place of the program: the jail or another user around it, and a profile that it may write to. */
async function wrapped(command: readonly string[], folder: string): Promise<string> {
  const script = join(folder, 'start');
  const line = command.map(quoted).join(' ');
  const profile = quoted(join(folder, 'profile'));
  await writeFile(script, `#!/bin/sh\nexec ${line} "$@" --user-data-dir=${profile}\n`, { mode: 0o755 });
  return script;
}

const unjailed = [process.execPath, ...nodeOptions, join(ownFolder, 'start.mjs'), '', ''];
const becomeUser =
  `setpriv --reuid ${unprivileged} --regid ${unprivileged} --clear-groups --no-new-privs`.split(' ');

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function failedToStart(error: unknown, { isolation }: StartOptions): unknown {
  if (BatutaError.is(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  const isSandbox =
    isolation === 'sandbox' && /sandbox|namespace/i.test(text.replaceAll(/--[\w-]*sandbox[\w-]*/g, ''));
  const hint = isSandbox
    ? ' Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1), or, in a container that keeps it in, set BATUTA_BROWSER_ISOLATION=none.'
    : ' If the jail around it is in its way (docs/guide/browser.md), set BATUTA_BROWSER_JAIL=off.';
  const reason = (text.split('\n')[0] ?? text).slice(0, 400);
  return new BatutaError('browser-failed', { what: 'start', reason, hint }, { cause: error });
}
