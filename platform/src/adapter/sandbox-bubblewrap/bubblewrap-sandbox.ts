import { BatutaError } from '@batuta/contract';
import { chmod, chown, mkdir } from 'node:fs/promises';
import type { EgressProxy } from '../../port/egress-proxy.ts';
import type {
  CommandFollower,
  Sandbox,
  SandboxCommand,
  SandboxOptions,
  SandboxProvider,
} from '../../port/sandbox.ts';
import { checkCommand } from '../sandbox/check-command.ts';
import { inheritedDescriptors } from '../sandbox/inherited-descriptors.ts';
import { openEgress, refusedBy } from '../sandbox/open-egress.ts';
import { findRelay, relayCommand, relayedTerminal, terminalLimits } from '../sandbox/relayed-terminal.ts';
import { RunningCommands } from '../sandbox/running-commands.ts';
import { spawnCommand, type Started } from '../sandbox/spawned-command.ts';
import { workspaceSandbox } from '../sandbox/workspace-sandbox.ts';
import { jailCommand, jailOptions, nodeInside, type Jail, type JailedFile } from './bubblewrap-arguments.ts';
import { checkBubblewrap } from './check-bubblewrap.ts';
import { findControlGroups, type ControlGroups } from './control-groups.ts';
import { findProgram } from './find-program.ts';
import { resourceLimits } from './resource-limits.ts';
import { seccompFilter } from './seccomp-filter.ts';
import { watchMemory } from './watch-memory.ts';

/** How commands are kept in. */
export interface BubblewrapSettings {
  /** User of commands, where this process is root; elsewhere only shown. */
  user: number;
  /** Folders of this machine that commands may read besides its programs. */
  folders: readonly string[];
  /** Control group under which those of commands are made; absent: found. */
  controlGroup?: string | undefined;
  /** Lets commands reach the hosts that they may reach. */
  egress?: Pick<EgressProxy, 'open'>;
}

/** What is found out once for a process. */
export interface BubblewrapParts {
  bwrap: string;
  jail: Jail;
  filter: Buffer;
  groups: ControlGroups | null;
  inherited: readonly number[];
  egress: Pick<EgressProxy, 'open'> | undefined;
  running: RunningCommands;
}

/** Sandboxes of bubblewrap: namespaces of the kernel without rights, without network, under limits. */
export function makeBubblewrapProvider(settings: BubblewrapSettings): SandboxProvider {
  let found: BubblewrapParts | undefined;
  // Looked for when the first command comes: most processes of a platform never run one.
  const parts = (): BubblewrapParts => (found ??= findParts(settings));
  const open = (options: SandboxOptions): Sandbox => openSandbox(parts, options);
  return {
    kind: 'bubblewrap',
    confines: true,
    check: () => checkBubblewrap({ open, groups: () => parts().groups }),
    open,
    close: async () => {
      await found?.running.stopAll();
    },
  };
}

function findParts({ user, folders, controlGroup, egress }: BubblewrapSettings): BubblewrapParts {
  const bwrap = findProgram('bwrap');
  if (bwrap === undefined)
    throw unavailable('bubblewrap is not installed', 'Install it: apt-get install bubblewrap.');
  const { arch } = process;
  if (arch !== 'x64' && arch !== 'arm64')
    throw unavailable(`processors of kind ${arch} are not known`, 'Set sandbox.kind to container.');
  return {
    bwrap,
    jail: { user, folders, isRoot: process.getuid?.() === 0 },
    filter: seccompFilter(arch),
    groups: findControlGroups(controlGroup),
    inherited: inheritedDescriptors(),
    egress,
    running: new RunningCommands(),
  };
}

function openSandbox(parts: () => BubblewrapParts, options: SandboxOptions): Sandbox {
  const owner = process.getuid?.() === 0 ? parts().jail.user : null;
  return workspaceSandbox({
    workspace: { folder: options.folder, limits: options.limits, owner },
    start: async (command, follower) => await startCommand(parts(), { options, command, follower }),
    terminal: async (command, size, follower = {}) => {
      const { relay, addon } = findRelay('bubblewrap');
      const files = { relay: '/opt/batuta/pty-relay.mjs', addon: '/opt/batuta/pty.node' };
      const started = await startCommand(parts(), {
        options: { ...options, limits: terminalLimits(options.limits, command) },
        command: relayCommand(command, size, { node: nodeInside, ...files }),
        follower,
        files: [
          { host: relay, inside: files.relay },
          { host: addon, inside: files.addon },
        ],
      });
      return relayedTerminal(started);
    },
  });
}

interface Start {
  options: SandboxOptions;
  command: SandboxCommand;
  follower: CommandFollower;
  files?: readonly JailedFile[] | undefined;
}

async function startCommand(parts: BubblewrapParts, start: Start): Promise<Started> {
  const { options, command, follower, files } = start;
  const { jail, groups } = parts;
  const { limits, folder } = options;
  const seconds = checkCommand(command, limits);
  if (jail.isRoot) await giveTo(folder, jail.user);
  const egress = await openEgress(parts.egress, options.network, 'bubblewrap');
  const jailed = { jail, options, command, files, egress: egress?.socketPath ?? null };
  const group = groups?.make(limits);
  const line = [parts.bwrap, '--args', '3', '--seccomp', '4', '--'];
  const started = spawnCommand(
    {
      kind: 'bubblewrap',
      program: '/bin/sh',
      arguments: [
        '-c',
        enterGroups,
        'sh',
        String(group?.entrances.length ?? 0),
        ...(group?.entrances ?? []),
        ...line,
        ...jailCommand(jailed, resourceLimits(limits, group !== undefined)),
      ],
      environment: {},
      directory: '/',
      hand: [`${jailOptions(jailed).join('\0')}\0`, parts.filter],
      inherited: parts.inherited,
      isInteractive: command.isInteractive === true,
    },
    { folder, limits, seconds, follower },
    {
      command,
      care: {
        ...(group
          ? {}
          : { watch: (id, reached) => watchMemory(id, limits.memoryBytes, () => reached('memory')) }),
        reached: () => group?.reached() ?? null,
        problemIn: (firstError) => /^(?:bwrap|setpriv|sh: 1: cannot create): .*/.exec(firstError)?.[0],
        refused: () => refusedBy(egress),
        clean: async () => {
          egress?.close().catch(() => undefined);
          // A group can be removed when its last process is gone.
          await group?.remove();
        },
      },
    },
  );
  return await parts.running.add(started);
}

/** Enters the groups before anything else runs: what is started afterwards is in them from its first moment. */
const enterGroups =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit 125; shift; n=$((n-1)); done; exec "$@"';

async function giveTo(folder: string, user: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chown(folder, user, user);
  await chmod(folder, 0o700);
}

function unavailable(reason: string, mend: string): BatutaError<'sandbox-unavailable'> {
  return new BatutaError('sandbox-unavailable', { kind: 'bubblewrap', reason, mend });
}
