import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { becomeUser, rootFolder, rootNamespaces } from '../bubblewrap/jail-parts.ts';
import { managedPolicies } from './managed-policies.ts';

/** What Chromium is kept in by: namespaces of its own, with the folders that it needs and no others. */
export interface ChromiumJail {
  bwrap: string;
  isRoot: boolean;
}

/** The user that Chromium runs as when the platform runs as root: Debian's nobody. */
export const unprivileged = 65_534;

/** What is jailed. */
export interface JailedChromium {
  executable: string;
  /** The one folder that it may write to. */
  folder: string;
  /** Socket of the proxy: its only way out. */
  socketPath: string;
}

/** What runs beside the browser, between it and the platform. */
export const ownFolder = join(import.meta.dirname, 'inside');

/** It has little to do, and shall take little memory. */
export const nodeOptions = ['--max-old-space-size=128', '--v8-pool-size=0'];

/** Where the proxy is found inside. */
export const portInside = 3128;

const nodeInside = '/opt/batuta/node';
const ownInside = '/opt/batuta/inside';
const socketInside = '/opt/batuta/egress.sock';

/** Where the browsers that are made of Chromium look for what is managed. On the machine itself nothing is written there. */
const policyFolders = [
  '/etc/chromium',
  '/etc/chromium-browser',
  '/etc/opt/chrome',
  '/etc/opt/chrome_for_testing',
  '/etc/opt/edge',
].map((folder) => `${folder}/policies/managed`);

const systemFolders = 'bin sbin lib lib32 lib64 libx32 libexec share local/share/fonts'
  .split(' ')
  .map((name) => `/usr/${name}`);
const systemFiles = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/ssl/certs',
  '/etc/pki/tls/certs',
  '/etc/fonts',
  '/etc/chromium.d',
  '/var/cache/fontconfig',
];

/** Writes what the jail is made with, and gives the command line that starts the browser in it. */
export async function jailCommand(jail: ChromiumJail, jailed: JailedChromium): Promise<string[]> {
  const { folder, executable } = jailed;
  const made = join(folder, 'jail');
  await mkdir(made, { mode: 0o755 });
  const user = jail.isRoot ? unprivileged : (process.getuid?.() ?? 0);
  const files = {
    'policies.json': managedPolicies(join(folder, 'downloads')),
    passwd: `browser:x:${user}:${user}:browser:/tmp:/usr/sbin/nologin\n`,
    hosts: '127.0.0.1 localhost\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\nhosts: files\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(made, name), content);
  return [
    jail.bwrap,
    ...jailOptions(jail, jailed, made),
    '--',
    ...(jail.isRoot ? becomeUser(user) : []),
    nodeInside,
    ...nodeOptions,
    join(ownInside, 'start.mjs'),
    socketInside,
    String(portInside),
    executable,
  ];
}

function jailOptions(
  { isRoot }: ChromiumJail,
  { executable, folder, socketPath }: JailedChromium,
  made: string,
): string[] {
  const inEtc = (name: string) => readOnly(join(made, name), `/etc/${name}`);
  const writable = ['home', 'downloads', 'profile'].map((name) => join(folder, name));
  return [
    ...(isRoot ? rootNamespaces : ['--unshare-user', '--cap-drop', 'ALL']),
    ...'--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try'.split(' '),
    ...'--hostname browser --die-with-parent --new-session'.split(' '),
    ...'--perms 1777 --tmpfs /tmp'.split(' '),
    ...foldersAbove([
      ...systemFolders,
      ...systemFiles,
      ...policyFolders.map((path) => `${path}/x`),
      ...writable,
      nodeInside,
    ]).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...systemFolders.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['bin', 'sbin', 'lib', 'lib32', 'lib64'].flatMap(rootFolder),
    ...systemFiles.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['passwd', 'hosts', 'nsswitch.conf'].flatMap(inEtc),
    ...folderOf(executable),
    ...policyFolders.flatMap((path) => readOnly(join(made, 'policies.json'), `${path}/batuta.json`)),
    ...'--proc /proc --dev /dev --perms 1777 --tmpfs /dev/shm'.split(' '),
    ...writable.flatMap((path) => ['--bind', path, path]),
    ...readOnly(process.execPath, nodeInside),
    ...readOnly(ownFolder, ownInside),
    ...readOnly(socketPath, socketInside),
    ...'--remount-ro / --chdir /'.split(' '),
  ];
}

/** Folders on the way to others: bwrap would make them for itself alone. */
function foldersAbove(paths: readonly string[]): string[] {
  const above = paths.flatMap((path) => {
    const parts = path.split('/').slice(1, -1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(above)].filter((path) => path !== '/tmp');
}

function readOnly(from: string, to: string): string[] {
  return ['--ro-bind', from, to];
}

/** A browser that is not among the system's programs is shown with the folder that it lies in. */
function folderOf(executable: string): string[] {
  const real = realpathSync(executable);
  const isSystem = (path: string) => systemFolders.some((folder) => path.startsWith(`${folder}/`));
  const folders = [...new Set([dirname(executable), dirname(real)])].filter((path) => !isSystem(`${path}/`));
  return folders.flatMap((path) => readOnly(path, path));
}

const run = promisify(execFile);
const checkMs = 10_000;

/** Whether this machine can make the jail: undefined when it can, else what it says. */
export async function jailFault(jail: ChromiumJail): Promise<string | undefined> {
  const namespaces = jail.isRoot ? rootNamespaces : ['--unshare-user', '--cap-drop', 'ALL'];
  const walls = '--unshare-ipc --unshare-pid --unshare-net --ro-bind / / --proc /proc --dev /dev'.split(' ');
  try {
    await run(jail.bwrap, [...namespaces, ...walls, '/bin/true'], { timeout: checkMs, env: {} });
    return undefined;
  } catch (error) {
    return (
      (error instanceof Error ? error.message : String(error)).split('\n').at(-2)?.slice(0, 300) ?? 'it fails'
    );
  }
}
