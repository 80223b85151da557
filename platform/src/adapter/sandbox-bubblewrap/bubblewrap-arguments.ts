import { join } from 'node:path';
import type { SandboxCommand, SandboxOptions } from '../../port/sandbox.ts';
import { becomeUser, rootFolder, rootNamespaces } from '../bubblewrap/jail-parts.ts';
import { workspaceMount, workspaceParts } from '../sandbox/workspace-path.ts';

/** What all commands of a process have in common. */
export interface Jail {
  /** User and group of commands. As root this process makes them so for the whole machine; otherwise they are its own, shown as this one. */
  user: number;
  isRoot: boolean;
  /** Folders of the machine that commands may read besides its programs. */
  folders: readonly string[];
}

/** A file that a command sees, which it cannot change. */
export interface JailedFile {
  host: string;
  inside: string;
}

/** One command to be run. */
export interface JailedCommand {
  jail: Jail;
  options: SandboxOptions;
  command: SandboxCommand;
  /** Files of the machine that it sees besides, and where. */
  files?: readonly JailedFile[] | undefined;
  /** Path of the Unix socket through which hosts can be reached; null: there is no network. */
  egress: string | null;
}

const etcFolder = join(import.meta.dirname, 'etc');
/** Where commands find Node. */
const nodeFolder = '/opt/node/bin';
/** The program of Node, as commands name it. */
export const nodeInside = `${nodeFolder}/node`;
const bridge = {
  host: join(import.meta.dirname, 'egress-bridge.mjs'),
  inside: '/opt/batuta/egress-bridge.mjs',
};
const egressInside = '/run/egress.sock';

/** Programs and libraries, without what an operator has installed by hand. */
const systemFolders = 'bin sbin lib lib32 lib64 libx32 libexec share include'
  .split(' ')
  .map((name) => `/usr/${name}`);
const systemFiles = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/ssl/certs',
  '/etc/python3',
];

const shownFolders = [
  '/usr/bin',
  '/etc/passwd',
  ...systemFiles,
  `${nodeFolder}/node`,
  bridge.inside,
  egressInside,
];

/** Options of bwrap. They are handed over by a descriptor, for its command line can be read inside. */
export function jailOptions({ jail, options, command, egress, files = [] }: JailedCommand): string[] {
  return [
    ...(jail.isRoot ? rootNamespaces : ownNamespaces(jail.user)),
    ...'--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try'.split(' '),
    ...'--hostname sandbox --die-with-parent --new-session --clearenv'.split(' '),
    ...foldersAbove([...shownFolders, ...jail.folders]).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...systemFolders.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    ...['bin', 'sbin', 'lib', 'lib32', 'lib64'].flatMap(rootFolder),
    ...systemFiles.flatMap((file) => ['--ro-bind-try', file, file]),
    ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => [
      '--ro-bind',
      join(etcFolder, name),
      `/etc/${name}`,
    ]),
    ...jail.folders.flatMap((folder) => ['--ro-bind-try', folder, folder]),
    '--ro-bind',
    process.execPath,
    `${nodeFolder}/node`,
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...temporary('/dev/shm', options.limits.temporaryBytes),
    ...temporary('/tmp', options.limits.temporaryBytes),
    '--bind',
    options.folder,
    workspaceMount,
    ...(egress === null ? [] : ['--ro-bind', egress, egressInside, '--ro-bind', bridge.host, bridge.inside]),
    ...files.flatMap(({ host, inside }) => ['--ro-bind', host, inside]),
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    ...Object.entries(environmentOf(command, egress)).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    '/',
  ];
}

/** The command line inside: who it is, what it may use, and what it is. */
export function jailCommand({ jail, command, egress }: JailedCommand, rlimits: string): string[] {
  return [
    ...(jail.isRoot ? becomeUser(jail.user) : []),
    ...(egress === null ? [] : [`${nodeFolder}/node`, bridge.inside, egressInside]),
    '/bin/sh',
    '-c',
    `cd "$1" || exit 126; shift; ${rlimits}; exec "$@"`,
    'sh',
    [workspaceMount, ...workspaceParts(command.directory ?? '')].join('/'),
    command.program,
    ...command.arguments,
  ];
}

function ownNamespaces(user: number): string[] {
  const id = String(user);
  return ['--unshare-user', '--disable-userns', '--uid', id, '--gid', id, '--cap-drop', 'ALL'];
}

/** Folders on the way to others: bwrap would make them for itself alone. */
function foldersAbove(paths: readonly string[]): string[] {
  const above = paths.flatMap((path) => {
    const parts = path.split('/').slice(1, -1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(above)];
}

function temporary(path: string, bytes: number): string[] {
  return ['--perms', '1777', '--size', String(bytes), '--tmpfs', path];
}

function environmentOf({ environment }: SandboxCommand, egress: string | null): Record<string, string> {
  const proxy = 'http://127.0.0.1:3128';
  return {
    PATH: `${nodeFolder}:/usr/bin:/bin`,
    HOME: workspaceMount,
    USER: 'agent',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(egress === null
      ? {}
      : {
          http_proxy: proxy,
          https_proxy: proxy,
          HTTP_PROXY: proxy,
          HTTPS_PROXY: proxy,
          NODE_USE_ENV_PROXY: '1',
        }),
    ...environment,
  };
}
