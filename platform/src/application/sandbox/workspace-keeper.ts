import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type {
  Sandbox,
  SandboxNetwork,
  SandboxOptions,
  SandboxProvider,
  SandboxTemplate,
} from '../../port/sandbox.ts';
import type { WorkspaceFolders, WorkspaceStore } from '../../port/workspace-store.ts';

/** What workspaces are kept with. */
export interface WorkspaceContext {
  provider: SandboxProvider;
  store: WorkspaceStore;
  folders: WorkspaceFolders;
  settings: Pick<SandboxOptions, 'limits' | 'network'>;
  clock: Clock;
  log: Log;
}

/** Whose workspace is opened, and who is asked about connections out of it. */
export interface SessionOfWorkspace {
  tenantId: string;
  sessionId: string;
  mayReach?: SandboxNetwork['mayReach'];
}

const sweepEveryMs = 3_600_000;
/** Workspaces whose place is remembered, so that the database is asked once. */
const mostRemembered = 10_000;

/**
 * The workspaces of sessions: made when a tool first needs one, the same for all runs of the session and after every restart, and
 * removed when the session is gone, by whomever it was deleted.
 */
export class WorkspaceKeeper {
  readonly #context: WorkspaceContext;
  readonly #here = new Set<string>();
  readonly #leavers: ((tenantId: string, sessionId: string) => Promise<void>)[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(context: WorkspaceContext) {
    this.#context = context;
  }

  /** How commands are kept in. */
  get kind(): SandboxProvider['kind'] {
    return this.#context.provider.kind;
  }

  /** Whether anything keeps commands in. */
  get confines(): boolean {
    return this.#context.provider.confines;
  }

  /** Called before a workspace is removed, which waits for it. Contract: never rejects. */
  beforeRemoval(leave: (tenantId: string, sessionId: string) => Promise<void>): void {
    this.#leavers.push(leave);
  }

  /** Which of these sessions there are. */
  existing(tenantId: string, sessionIds: readonly string[]): Promise<string[]> {
    return this.#context.store.existing(tenantId, sessionIds);
  }

  /** Opens the workspace of a session. Errors: `workspace-elsewhere`, `session-unknown`. */
  async open(session: SessionOfWorkspace, template: SandboxTemplate): Promise<Sandbox> {
    const { provider, folders, settings } = this.#context;
    const { tenantId, sessionId, mayReach } = session;
    await this.#settle(tenantId, sessionId);
    const folder = await folders.folderOf(tenantId, sessionId);
    const network = { ...settings.network, ...(mayReach ? { mayReach } : {}) };
    return provider.open({ ...settings, network, folder, template });
  }

  /** Copies the files of a session aside under a name, in place of an earlier copy. */
  async snapshot(session: SessionOfWorkspace, name: string): Promise<void> {
    const sandbox = await this.open(session, 'general');
    await sandbox.snapshot(await this.#context.folders.snapshotOf(session.tenantId, session.sessionId, name));
  }

  /** Puts back the files as they were copied. */
  async restore(session: SessionOfWorkspace, name: string): Promise<void> {
    const sandbox = await this.open(session, 'general');
    await sandbox.restore(await this.#context.folders.snapshotOf(session.tenantId, session.sessionId, name));
  }

  /** Removes the workspaces of a tenant whose sessions are gone. */
  async sweep(tenantId: string): Promise<void> {
    const { folders, store, log } = this.#context;
    const kept = await folders.sessions(tenantId);
    const existing = new Set(await store.existing(tenantId, kept));
    for (const sessionId of kept.filter((id) => !existing.has(id))) {
      this.#here.delete(`${tenantId}/${sessionId}`);
      await Promise.all(this.#leavers.map((leave) => leave(tenantId, sessionId)));
      await folders.remove(tenantId, sessionId).catch((error: unknown) => {
        log.error('the workspace of a deleted session could not be removed', { session: sessionId, error });
      });
    }
  }

  /** Removes now, and then every hour, what deleted sessions have left on this disk. */
  start(): void {
    const sweep = (): void => {
      this.#stopTimer = this.#context.clock.after(sweepEveryMs, sweep);
      this.#sweepAll().catch((error: unknown) => {
        this.#context.log.error('workspaces of deleted sessions could not be looked for', { error });
      });
    };
    sweep();
  }

  /** Ends what is still running. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    await this.#context.provider.close();
  }

  async #sweepAll(): Promise<void> {
    for (const tenantId of await this.#context.folders.tenants()) await this.sweep(tenantId);
  }

  /** A workspace stays on the disk on which it was begun: files cannot be in two places. */
  async #settle(tenantId: string, sessionId: string): Promise<void> {
    const key = `${tenantId}/${sessionId}`;
    if (this.#here.has(key)) return;
    const { store, folders } = this.#context;
    const place = await folders.place();
    if ((await store.settle(tenantId, sessionId, place)) !== place)
      throw new BatutaError('workspace-elsewhere', { session_id: sessionId });
    if (this.#here.size >= mostRemembered) this.#here.clear();
    this.#here.add(key);
  }
}
