import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { Browser as Chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** How Chromium is kept in: its own sandbox, or nothing where that cannot be had and somebody said so. */
export type Isolation = 'sandbox' | 'none';

/** What Chromium is started with. */
export interface StartOptions {
  executable: string | undefined;
  isolation: Isolation;
  /** Port of the proxy on this machine. */
  proxyPort: number;
}

/** A running browser and the folder that it may write to. */
export interface StartedChromium {
  chromium: Chromium;
  /** Where it puts what it downloads. */
  downloads: string;
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

/** The user that Chromium runs as when the platform runs as root: Debian's nobody. */
const unprivileged = 65_534;

/**
 * Starts Chromium: without the environment of the platform, in a folder of its own, as another user when the platform is root. Errors:
 * `browser-missing`, `browser-failed`.
 */
export async function startChromium(options: StartOptions): Promise<StartedChromium> {
  const executable = await findChromium(options.executable);
  const folder = await makeFolder();
  try {
    const chromium = await launch(executable, folder, options);
    return {
      chromium,
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
  { isolation, proxyPort }: StartOptions,
): Promise<Chromium> {
  // Loaded with the first window: nobody else waits for it.
  const { chromium } = await import('playwright-core');
  return await chromium.launch({
    executablePath: await wrapped(executable, folder),
    chromiumSandbox: isolation === 'sandbox',
    args: switches,
    downloadsPath: join(folder, 'downloads'),
    proxy: { server: `http://127.0.0.1:${proxyPort}` },
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'home'),
      LANG: 'C.UTF-8',
    },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: 30_000,
  });
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

/** A script in the place of the program: another user, and a profile that this user may write to. */
async function wrapped(executable: string, folder: string): Promise<string> {
  const script = join(folder, 'start');
  const user = `--reuid ${unprivileged} --regid ${unprivileged} --clear-groups`;
  const drop = isRoot() ? `setpriv ${user} --no-new-privs ` : '';
  const profile = quoted(join(folder, 'profile'));
  await writeFile(script, `#!/bin/sh\nexec ${drop}${quoted(executable)} "$@" --user-data-dir=${profile}\n`, {
    mode: 0o755,
  });
  return script;
}

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
    : '';
  const reason = (text.split('\n')[0] ?? text).slice(0, 400);
  return new BatutaError('browser-failed', { what: 'start', reason, hint }, { cause: error });
}
