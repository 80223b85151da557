import { chmod, chown, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import {
  sandboxTemplates,
  type Sandbox,
  type SandboxCommand,
  type SandboxFinding,
  type SandboxLimits,
  type SandboxOptions,
  type SandboxProvider,
  type SandboxTemplate,
} from '../../port/sandbox.ts';
import { checkCommand } from '../sandbox/check-command.ts';
import { RunningCommands } from '../sandbox/running-commands.ts';
import { workspaceSandbox } from '../sandbox/workspace-sandbox.ts';
import { terminalLimits } from '../sandbox/relayed-terminal.ts';
import { startContainer } from './container-command.ts';
import { openEngine, type ContainerEngine } from './container-engine.ts';
import type { ContainerPlan } from './container-options.ts';
import { startTerminal } from './container-terminal.ts';
import { verified, whichKernel } from './verify-runtime.ts';

/** Which engine, images and user. */
export interface ContainerSettings {
  socketPath?: string | undefined;
  runtime?: string | undefined;
  images: Readonly<Record<SandboxTemplate, string>>;
  /** User of commands, where this process is root; elsewhere it is this process's own, whose files the workspaces are. */
  user: number;
}

/** Sandboxes of containers: one for each command, by Docker or Podman on this machine. */
export function makeContainerProvider(settings: ContainerSettings): SandboxProvider {
  const running = new RunningCommands();
  let opening: Promise<ContainerEngine> | undefined;
  const engine = (): Promise<ContainerEngine> => {
    opening ??= openEngine(settings.socketPath);
    // One that did not answer is looked for again with the next command.
    opening.catch(() => (opening = undefined));
    return opening;
  };
  const open = (options: SandboxOptions): Sandbox => openContainer({ settings, engine, running }, options);
  return {
    kind: 'container',
    confines: true,
    check: () => checkContainers(settings, open),
    open,
    close: async () => {
      await running.stopAll();
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      await opened?.close();
    },
  };
}

interface Parts {
  settings: ContainerSettings;
  engine: () => Promise<ContainerEngine>;
  running: RunningCommands;
}

function openContainer({ settings, engine, running }: Parts, options: SandboxOptions): Sandbox {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? settings.user : (process.getuid?.() ?? settings.user);
  const { images, runtime } = settings;
  const { limits, template } = options;
  const plan = (found: ContainerEngine, folder: string, command: SandboxCommand): ContainerPlan => ({
    engine: found,
    options: { ...options, folder },
    command,
    image: images[template],
    runtime,
    user,
  });
  const ready = async (command: SandboxCommand): Promise<ContainerPlan> => {
    refuseNetwork(options);
    const folder = await realpath(options.folder);
    if (isRoot) await giveTo(folder, user);
    const found = await engine();
    if (runtime !== undefined) await verified(found, runtime, () => plan(found, folder, whichKernel));
    return plan(found, folder, command);
  };
  return workspaceSandbox({
    workspace: { folder: options.folder, limits, owner: isRoot ? user : null },
    start: async (command, follower) => {
      const seconds = checkCommand(command, limits);
      return await running.add(startContainer(await ready(command), { seconds, follower }));
    },
    terminal: async (command, size, follower = {}) => {
      const own = { ...options, limits: terminalLimits(limits, command) };
      const seconds = checkCommand(command, own.limits);
      const found = await ready({ ...command, isInteractive: true });
      const planned = { ...found, options: { ...own, folder: found.options.folder }, terminal: size };
      return await running.add(startTerminal(planned, { seconds, follower }));
    },
  });
}

function refuseNetwork({ network }: SandboxOptions): void {
  if (network.allowedHosts.length === 0) return;
  const reason = 'containers have no network, but hosts are allowed (sandbox.allowed_hosts)';
  const mend = 'Empty that list, or set sandbox.kind to bubblewrap.';
  throw new BatutaError('sandbox-unavailable', { kind: 'container', reason, mend });
}

async function giveTo(folder: string, user: number): Promise<void> {
  await chown(folder, user, user);
  await chmod(folder, 0o700);
}

const limits: SandboxLimits = {
  seconds: 30,
  memoryBytes: 128_000_000,
  processes: 64,
  cpus: 1,
  outputBytes: 10_000,
  workspaceBytes: 1_000_000,
  workspaceFiles: 100,
  temporaryBytes: 1_000_000,
};

/** Runs a command in each image. */
async function checkContainers(
  settings: ContainerSettings,
  open: (options: SandboxOptions) => Sandbox,
): Promise<SandboxFinding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'batuta-sandbox-'));
  const findings: SandboxFinding[] = [];
  for (const template of sandboxTemplates) {
    const sandbox = open({ folder, template, limits, network: { allowedHosts: [] } });
    findings.push(...(await tryTemplate(settings, sandbox, template)));
  }
  await rm(folder, { recursive: true, force: true });
  return findings;
}

async function tryTemplate(
  { images }: ContainerSettings,
  sandbox: Sandbox,
  template: SandboxTemplate,
): Promise<SandboxFinding[]> {
  const image = images[template];
  const program = { python: 'python3', node: 'node', general: 'sh' }[template];
  try {
    const end = await sandbox.run({ program: 'sh', arguments: ['-c', `command -v ${program}`] });
    if (end.exitCode === 0) return [];
    return [
      finding(`a container of ${image} has no ${program}, or cannot run it (${end.exitCode})`, another),
    ];
  } catch (error) {
    if (!BatutaError.has(error, 'sandbox-unavailable')) throw error;
    return [finding(error.data.reason, error.data.mend)];
  }
}

const another = 'Name another image in sandbox.images.';

function finding(message: string, mend: string): SandboxFinding {
  return { message, mend, isNeeded: true };
}
