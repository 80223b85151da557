import { platform } from 'node:process';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { makeEgressProxy } from '../adapter/egress-proxy/egress-proxy.ts';
import { makeBubblewrapProvider } from '../adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { makeContainerProvider } from '../adapter/sandbox-container/container-sandbox.ts';
import { makeUnconfinedProvider } from '../adapter/sandbox-none/unconfined-sandbox.ts';
import { makeWorkspaceFolders } from '../adapter/sandbox/workspace-folders.ts';
import { makeSandboxTools, type SandboxTools } from '../adapter/tool-sandbox/sandbox-tools.ts';
import { WorkspaceKeeper } from '../application/sandbox/workspace-keeper.ts';
import type { TerminalParts } from '../application/terminal/terminal-desk.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { EgressProxy } from '../port/egress-proxy.ts';
import type { Log } from '../port/log.ts';
import type { SandboxLimits, SandboxProvider } from '../port/sandbox.ts';
import type { SessionStore } from '../port/session-store.ts';
import type { DefinedTool } from '../port/tool-definition.ts';
import type { WorkspaceStore } from '../port/workspace-store.ts';
import { workspaceFolder } from './data-folder.ts';

/** How commands of agents are kept in, as it is configured; null when there are none. */
export function makeSandboxProvider({ sandbox }: Configuration): SandboxProvider | null {
  const kind = sandbox.kind === 'auto' ? (platform === 'linux' ? 'bubblewrap' : 'container') : sandbox.kind;
  if (kind === 'off') return null;
  if (kind === 'none') return makeUnconfinedProvider();
  const { user, controlGroup, readOnlyFolders: folders } = sandbox;
  if (kind === 'container') {
    const { containerSocket: socketPath, containerRuntime: runtime, images } = sandbox;
    return makeContainerProvider({ socketPath, runtime, images, user });
  }
  return makeBubblewrapProvider({ user, folders, controlGroup, egress: egressFor(sandbox.allowedHosts) });
}

/** Ports besides the usual ones are open where a host is named with one. */
function egressFor(allowedHosts: readonly string[]): EgressProxy {
  const named = allowedHosts.flatMap((host) => /:(\d+)$/.exec(host)?.[1] ?? []);
  return makeEgressProxy({ limits: { ports: ['80', '443', ...named] } });
}

/** Limits of commands from the configuration. */
export function sandboxLimits({ sandbox }: Configuration): SandboxLimits {
  return {
    seconds: sandbox.seconds,
    memoryBytes: sandbox.memoryMb * 1_000_000,
    processes: sandbox.processes,
    cpus: sandbox.cpus,
    outputBytes: sandbox.outputMaxBytes,
    workspaceBytes: sandbox.workspaceMb * 1_000_000,
    workspaceFiles: sandbox.workspaceFiles,
    temporaryBytes: sandbox.temporaryMb * 1_000_000,
  };
}

/** What workspaces need of the platform that is starting. */
export interface StartingParts {
  workspaceStore: WorkspaceStore;
  log: Log;
  opened: AsyncDisposableStack;
  /** This process executes runs. */
  works: boolean;
}

/** The workspaces of a platform, looked after until it stops; null when commands are switched off. */
export function openWorkspaces(configuration: Configuration, parts: StartingParts): WorkspaceKeeper | null {
  const workspaces = makeWorkspaces(configuration, parts);
  parts.opened.defer(() => workspaces?.stop());
  if (parts.works) workspaces?.start();
  return workspaces;
}

/** What workspaces give a platform: sessions that take theirs with them, and terminals on them with what these may use up. */
export function workspaceParts(
  { terminal }: Configuration,
  sessions: SessionStore,
  workspaces: WorkspaceKeeper | null,
): { sessions: SessionStore; terminals: TerminalParts | null } {
  const { unconfined, ...settings } = terminal;
  return {
    sessions: withWorkspaces(sessions, workspaces),
    terminals: workspaces && { workspaces, settings, unconfined },
  };
}

/** What tools open workspaces with. */
export function openerOf(workspaces: WorkspaceKeeper | null): SandboxTools['open'] | undefined {
  return workspaces ? (session, template) => workspaces.open(session, template) : undefined;
}

function makeWorkspaces(
  configuration: Configuration,
  { workspaceStore: store, log }: StartingParts,
): WorkspaceKeeper | null {
  const provider = makeSandboxProvider(configuration);
  if (!provider) return null;
  return new WorkspaceKeeper({
    provider,
    store,
    folders: makeWorkspaceFolders(workspaceFolder(configuration)),
    settings: {
      limits: sandboxLimits(configuration),
      network: { allowedHosts: configuration.sandbox.allowedHosts },
    },
    clock: systemClock,
    log,
  });
}

/** The tools of workspaces; none when commands are switched off. */
export function sandboxTools(configuration: Configuration, open: SandboxTools['open']): DefinedTool[] {
  const provider = makeSandboxProvider(configuration);
  if (!provider) return [];
  return makeSandboxTools({
    open,
    limits: sandboxLimits(configuration),
    confines: provider.confines,
    reachesOut: configuration.sandbox.allowedHosts.length > 0,
  });
}

/** Sessions that take their workspaces with them when they are deleted. */
export function withWorkspaces(sessions: SessionStore, workspaces: WorkspaceKeeper | null): SessionStore {
  if (!workspaces) return sessions;
  return {
    get: (tenantId, id) => sessions.get(tenantId, id),
    list: (tenantId, page) => sessions.list(tenantId, page),
    fork: (source, fork) => sessions.fork(source, fork),
    delete: async (tenantId, id) => {
      await sessions.delete(tenantId, id);
      await workspaces.sweep(tenantId);
    },
  };
}
