import { BatutaError } from '@batuta/contract';
import { ownerOf } from '../../domain/identity/ownership.ts';
import type { AuditStore } from '../../port/audit-log.ts';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import type { Log } from '../../port/log.ts';
import type { TerminalSize } from '../../port/sandbox.ts';
import type { SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import type { StandingWatch } from '../access/standing-watch.ts';
import { auditEntry, type AuditedDeed } from '../audit/audit-entry.ts';
import type { WorkspaceKeeper } from '../sandbox/workspace-keeper.ts';
import { getSession } from '../session/sessions.ts';
import { interactiveShell } from './interactive-shell.ts';
import { LiveTerminal, type TerminalAccount, type TerminalSettings } from './live-terminal.ts';
import type {
  AttachedTerminal,
  AttachTerminal,
  TerminalDoor,
  TerminalOrder,
  TerminalViewer,
} from './terminal-door.ts';

/** Where terminals are, and what they may use up. */
export interface TerminalParts {
  workspaces: WorkspaceKeeper;
  settings: TerminalSettings;
  /** Whether there are terminals where nothing keeps commands in. */
  unconfined: 'refused' | 'allowed';
}

interface DeskParts {
  /** Null: there are no sandboxes. */
  terminals?: TerminalParts | null;
  sessions: SessionStore;
  audits: Pick<AuditStore, 'append'>;
  standings: Pick<StandingWatch, 'watch'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

interface Entry {
  id: string;
  identity: Identity;
  sessionId: string;
  /** Absent while it is being opened. */
  live?: LiveTerminal;
}

const lookEveryMs = 5_000;
const retrySeconds = 10;

/**
 * The terminals of this process. Each is one shell in the workspace of a session, beside the commands of its agents and behind the same
 * walls. It is recorded before it begins and when it has ended; what is typed and shown is not. It ends with its session, and with the
 * access of who opened it.
 */
export class TerminalDesk implements TerminalDoor {
  readonly #parts: DeskParts;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Set<Promise<void>>();
  #stopTimer: (() => void) | undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    parts.terminals?.workspaces.beforeRemoval((tenantId, sessionId) => this.#endSession(tenantId, sessionId));
  }

  async admit(identity: Identity, order: TerminalOrder): Promise<AttachTerminal> {
    const { terminals, sessions } = this.#parts;
    await getSession(sessions, identity, order.sessionId);
    if (!terminals) throw new BatutaError('sandbox-off', {});
    if (!terminals.workspaces.confines && terminals.unconfined === 'refused')
      throw new BatutaError('terminal-unconfined', {});
    const { terminalId } = order;
    if (terminalId === undefined) {
      this.#requireRoom(identity, order.sessionId, terminals.settings);
      return (viewer, size) => this.#open({ identity, order, terminals }, viewer, size);
    }
    const entry = this.#find(identity, order.sessionId, terminalId);
    return async (viewer, size) => this.#attach(entry, terminals, { viewer, size, isResumed: true });
  }

  /** Ends all. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    for (const { live } of this.#entries.values()) live?.stop('stopping');
    await Promise.all(this.#closing);
  }

  async #open(
    { identity, order, terminals }: { identity: Identity; order: TerminalOrder; terminals: TerminalParts },
    viewer: TerminalViewer,
    size: TerminalSize,
  ): Promise<AttachedTerminal> {
    const { sessionId } = order;
    this.#requireRoom(identity, sessionId, terminals.settings);
    const entry: Entry = { id: this.#parts.ids.create('terminal'), identity, sessionId };
    this.#entries.set(entry.id, entry);
    try {
      await this.#start(entry, terminals, size);
    } catch (error) {
      this.#entries.delete(entry.id);
      throw error;
    }
    this.#stopTimer ??= this.#wait(terminals.workspaces);
    return this.#attach(entry, terminals, { viewer, size, isResumed: false });
  }

  async #start(entry: Entry, { workspaces, settings }: TerminalParts, size: TerminalSize): Promise<void> {
    const { identity, sessionId, id } = entry;
    const { clock, standings } = this.#parts;
    const { tenantId } = identity;
    const sandbox = await workspaces.open({ tenantId, sessionId }, 'general');
    // Nobody sits at a shell that the record does not know of.
    const after = { terminal: id, sandbox: workspaces.kind };
    await this.#record(entry, { action: 'terminal-opened', after });
    let early: Uint8Array[] | undefined = [];
    const output = (piece: Uint8Array): void =>
      void (entry.live ? entry.live.show(piece) : early?.push(piece));
    const command = { ...interactiveShell, seconds: settings.totalSeconds };
    const terminal = await sandbox.terminal(command, size, { output }).catch(async (error: unknown) => {
      const failed = { action: 'terminal-closed', outcome: 'failed', after: { terminal: id } } as const;
      await this.#record(entry, failed);
      throw error;
    });
    const live = new LiveTerminal(terminal, { clock, settings, size });
    entry.live = live;
    for (const piece of early) live.show(piece);
    early = undefined;
    const unwatch = standings.watch(identity, () => live.stop('access-ended'));
    const closing = live.ended.then(async (account) => {
      unwatch();
      await this.#ended(entry, account);
    });
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  #attach(
    { id, live }: Entry,
    { workspaces, settings }: TerminalParts,
    { viewer, size, isResumed }: { viewer: TerminalViewer; size: TerminalSize; isResumed: boolean },
  ): AttachedTerminal {
    if (!live) throw new BatutaError('terminal-unknown', { id });
    return {
      id,
      sandbox: workspaces.kind,
      isResumed,
      graceSeconds: settings.graceSeconds,
      begin: () => live.watch(viewer, size),
      type: (input) => live.type(input),
      resize: (next) => live.resize(next),
      close: (reason) => live.stop(reason),
      leave: () => live.leave(viewer),
    };
  }

  /** Contract: never rejects. */
  async #ended(entry: Entry, { reason, end, typedBytes, shownBytes }: TerminalAccount): Promise<void> {
    this.#entries.delete(entry.id);
    const after = {
      terminal: entry.id,
      ended_by: reason,
      exit_code: end.exitCode,
      limit: end.limit,
      seconds: Math.round(end.durationMs / 1000),
      typed_bytes: typedBytes,
      shown_bytes: shownBytes,
    };
    await this.#record(entry, { action: 'terminal-closed', after }).catch((error: unknown) =>
      this.#parts.log.error('the end of a terminal was not recorded', { terminal: entry.id, error }),
    );
  }

  #record({ identity, sessionId }: Entry, deed: AuditedDeed): Promise<void> {
    const entry = auditEntry(identity, { kind: 'access', target: sessionId, ...deed });
    return this.#parts.audits.append(identity.tenantId, [entry]);
  }

  /** Only who opened it may take it up again. */
  #find(identity: Identity, sessionId: string, id: string): Entry {
    const entry = this.#entries.get(id);
    const isTheirs =
      entry?.live !== undefined &&
      entry.sessionId === sessionId &&
      entry.identity.tenantId === identity.tenantId &&
      ownerOf(entry.identity) === ownerOf(identity);
    if (isTheirs) return entry;
    throw new BatutaError('terminal-unknown', { id });
  }

  #requireRoom({ tenantId }: Identity, sessionId: string, settings: TerminalSettings): void {
    const own = [...this.#entries.values()].filter(({ identity }) => identity.tenantId === tenantId);
    const inSession = own.filter((entry) => entry.sessionId === sessionId);
    const refuse = (whose: string, limit: number, setting: string): BatutaError =>
      new BatutaError('terminals-full', { whose, limit, setting, retry_after_seconds: retrySeconds });
    if (inSession.length >= settings.maxPerSession)
      throw refuse('This session', settings.maxPerSession, 'terminal.max_per_session');
    if (own.length >= settings.maxPerTenant)
      throw refuse('This tenant', settings.maxPerTenant, 'terminal.max_per_tenant');
  }

  async #endSession(tenantId: string, sessionId: string): Promise<void> {
    const found = [...this.#entries.values()].filter(
      (entry) => entry.sessionId === sessionId && entry.identity.tenantId === tenantId,
    );
    for (const { live } of found) live?.stop('session-deleted');
    await Promise.all(found.map(async ({ live }) => await live?.ended));
  }

  /** Sessions that another process deletes are noticed by looking. */
  #wait(workspaces: WorkspaceKeeper): () => void {
    return this.#parts.clock.after(lookEveryMs, () => {
      this.#stopTimer = this.#entries.size === 0 ? undefined : this.#wait(workspaces);
      this.#look(workspaces).catch((error: unknown) => {
        this.#parts.log.warn('whether sessions of open terminals still exist cannot be looked up', { error });
      });
    });
  }

  async #look(workspaces: WorkspaceKeeper): Promise<void> {
    const byTenant = Map.groupBy(this.#entries.values(), ({ identity }) => identity.tenantId);
    for (const [tenantId, entries] of byTenant) {
      const wanted = [...new Set(entries.map(({ sessionId }) => sessionId))];
      const existing = new Set(await workspaces.existing(tenantId, wanted));
      for (const id of wanted.filter((each) => !existing.has(each))) await this.#endSession(tenantId, id);
    }
  }
}
