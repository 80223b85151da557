import type { ContainerCreateOptions } from 'dockerode';
import type { SandboxCommand, SandboxOptions, TerminalSize } from '../../port/sandbox.ts';
import { workspaceMount, workspaceParts } from '../sandbox/workspace-path.ts';
import { ownLabels } from './abandoned-containers.ts';
import type { ContainerEngine } from './container-engine.ts';

/** What one container is made of. */
export interface ContainerPlan {
  engine: ContainerEngine;
  options: SandboxOptions;
  command: SandboxCommand;
  image: string;
  runtime: string | undefined;
  /** User and group of commands. */
  user: number;
  /** The command sits at a terminal of this size. */
  terminal?: TerminalSize;
}

/** A container for one command: it has nothing but its workspace, and nothing of it is left afterwards. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const { command, image, options, user } = plan;
  const directory = [workspaceMount, ...workspaceParts(command.directory ?? '')].join('/');
  return {
    Image: image,
    Entrypoint: ['/bin/sh', '-c', firstProcess, 'sh'],
    Cmd: [
      directory,
      String(Math.ceil(options.limits.seconds) + graceSeconds),
      command.program,
      ...command.arguments,
    ],
    Env: Object.entries({ ...environment, ...command.environment }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    User: `${user}:${user}`,
    WorkingDir: '/',
    Labels: ownLabels,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: plan.terminal !== undefined,
    NetworkDisabled: true,
    HostConfig: hostOptions(plan),
  };
}

/**
 * The first process of a container stays a shell, which takes in what others leave behind, and hands on how the command ended. Beside it
 * runs what ends the command in case the platform is not there any more to do so.
 */
const firstProcess =
  'cd "$1" || exit 126; (sleep "$2"; kill -9 -1) >/dev/null 2>&1 </dev/null & shift 2; "$@"; exit $?';

/** How long after its time a command is ended from within. */
const graceSeconds = 10;

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: workspaceMount,
  USER: 'agent',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

const closed = 'size=65536,mode=0755,nosuid,nodev,noexec';

function hostOptions({
  engine,
  options,
  runtime,
  terminal,
}: ContainerPlan): ContainerCreateOptions['HostConfig'] {
  const { folder, limits } = options;
  const temporary = `size=${limits.temporaryBytes},mode=1777,nosuid,nodev`;
  return {
    NetworkMode: 'none',
    IpcMode: 'private',
    ReadonlyRootfs: true,
    Binds: [`${folder}:${workspaceMount}:rw`],
    // Podman would make /run and /var/tmp for everybody to write, as large as they like.
    Tmpfs: { '/tmp': temporary, '/run': closed, '/var/tmp': closed },
    ShmSize: limits.temporaryBytes,
    // No more with swap than without.
    Memory: limits.memoryBytes,
    MemorySwap: limits.memoryBytes,
    NanoCpus: Math.round(limits.cpus * 1_000_000_000),
    PidsLimit: limits.processes,
    Ulimits: [
      // Counts all processes of the user on the machine: what one command may have is PidsLimit.
      ...(engine.isPodman ? [{ Name: 'nproc', Soft: 4096, Hard: 4096 }] : []),
      { Name: 'nofile', Soft: 1024, Hard: 1024 },
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'fsize', Soft: limits.workspaceBytes, Hard: limits.workspaceBytes },
    ],
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges', engine.seccomp],
    LogConfig: { Type: 'none', Config: {} },
    RestartPolicy: { Name: 'no' },
    ...(terminal ? { ConsoleSize: [terminal.rows, terminal.columns] } : {}),
    ...(engine.isRootless ? { UsernsMode: 'keep-id' } : {}),
    ...(runtime === undefined || engine.isPodman ? {} : { Runtime: runtime }),
  };
}
