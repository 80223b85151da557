import { BatutaError, type AgentDefinition, type RunStatus, type WaitReason } from '@batuta/contract';
import type { Lease, NewRun, RunRecord, Signal, StoredSignal, TurnCommit } from '../../port/run-record.ts';
import type { Announcement } from '../../port/webhook-store.ts';
import type {
  AcceptedRun,
  CancelledUnstarted,
  ClaimedRun,
  CommitReceipt,
  HeartbeatAnswer,
  RunFilter,
  RunStore,
} from '../../port/run-store.ts';
import { accept, type AcceptOptions } from './accept-run.ts';
import { cancelUnstarted } from './cancel-unstarted.ts';
import { claim, type TenantCursor } from './claim-runs.ts';
import { commit } from './commit-turn.ts';
import { DefinitionMemory } from './definition-memory.ts';
import { HeldLeases } from './held-leases.ts';
import { listRuns } from './list-runs.ts';
import { toRunRecord } from './run-row.ts';
import {
  abandonLeases,
  forgetWorkers,
  giveBackRuns,
  heartbeat,
  retireOtherWorkers,
  retireWorker,
} from './statement/heartbeat.ts';
import { leaveSignal } from './statement/leave-signal.ts';
import { readDefinition, readLiveChildren, readRun } from './statement/read-run.ts';
import { readSignals } from './statement/read-signals.ts';
import { wakeWaiting } from './statement/wake-waiting.ts';
import type { Transactor } from './transactor.ts';

/** Runs in a PostgreSQL database, embedded or not. */
export class SqlRunStore implements RunStore {
  readonly #transactor: Transactor;
  readonly #urgent: Transactor;
  readonly #definitions = new DefinitionMemory();
  readonly #leases = new HeldLeases();
  readonly #lookedTo: TenantCursor = { tenantId: '' };

  /** `urgent`: for heartbeats, which must not stand in line behind runs that are being accepted. */
  constructor(transactor: Transactor, urgent = transactor) {
    this.#transactor = transactor;
    this.#urgent = urgent;
  }

  async accept(run: NewRun, options: AcceptOptions): Promise<AcceptedRun> {
    return await this.#leases.watch(async () => {
      const result = await accept(this.#transactor, this.#definitions, { run, options });
      return { result, leases: result.lease ? [result.lease] : [] };
    }, isUnreachable);
  }

  async claim(
    workerId: string,
    options: { limit: number; runIds?: readonly string[] },
  ): Promise<ClaimedRun[]> {
    return await this.#leases.watch(async () => {
      const result = await claim(this.#transactor, workerId, { ...options, lookedTo: this.#lookedTo });
      return { result, leases: result.map((claimed) => claimed.lease) };
    }, isUnreachable);
  }

  async commit(turn: TurnCommit): Promise<CommitReceipt> {
    return await commit(this.#transactor, turn);
  }

  async signals(lease: Lease): Promise<StoredSignal[]> {
    return await this.#transactor.read({ tenant: lease.tenantId }, readSignals(lease.runId));
  }

  async signal(
    target: { tenantId: string; runId: string },
    signal: Signal,
    rule: { allowed: readonly RunStatus[]; action: string },
  ): Promise<RunRecord> {
    const query = leaveSignal(target.runId, rule.allowed, signal.kind, JSON.stringify(signal.data));
    const [[changed]] = await this.#transactor.run({ tenant: target.tenantId }, [query]);
    if (changed) return toRunRecord(changed);
    const run = await this.get(target.tenantId, target.runId);
    if (!run) throw new BatutaError('run-unknown', { id: target.runId });
    const needed = rule.allowed.join(' or ');
    throw new BatutaError('run-state-conflict', {
      id: run.id,
      status: run.status,
      action: rule.action,
      needed,
    });
  }

  async cancelUnstarted(
    tenantId: string,
    runId: string,
    announce?: (run: RunRecord) => Announcement,
  ): Promise<CancelledUnstarted | null> {
    return await cancelUnstarted(this.#transactor, { tenantId, runId, announce });
  }

  async get(tenantId: string, runId: string): Promise<RunRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readRun(runId));
    return row && toRunRecord(row);
  }

  async definition(tenantId: string, hash: string): Promise<AgentDefinition | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readDefinition(tenantId, hash));
    return row?.definition;
  }

  async list(tenantId: string, filter: RunFilter): Promise<RunRecord[]> {
    return await listRuns(this.#transactor, tenantId, filter);
  }

  async liveChildren(tenantId: string, runId: string): Promise<string[]> {
    const rows = await this.#transactor.read({ tenant: tenantId }, readLiveChildren(runId));
    return rows.map((row) => row.id);
  }

  async wakeWaiting(tenantId: string, reason: WaitReason): Promise<string[]> {
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [wakeWaiting(tenantId, reason)]);
    return rows.map(({ id }) => id);
  }

  async heartbeat(workerId: string, ttlMs: number): Promise<HeartbeatAnswer> {
    const findUnknown = this.#leases.beginHeartbeat();
    const [rows] = await this.#urgent.run('system', [heartbeat(workerId, ttlMs), forgetWorkers()]);
    const unknown = findUnknown(rows);
    if (unknown.size > 0) await this.#urgent.run('system', [giveBackRuns(workerId, [...unknown])]);
    const held = rows.filter((run) => !unknown.has(run.id));
    return {
      held: held.map((run) => ({
        runId: run.id,
        epoch: run.lease_epoch,
        signalsPending: run.signals_pending > 0,
      })),
    };
  }

  async abandon(workerId: string, leases: readonly { runId: string; epoch: number }[]): Promise<void> {
    const runIds = leases.map((lease) => lease.runId);
    const epochs = leases.map((lease) => lease.epoch);
    await this.#transactor.run('system', [abandonLeases(workerId, runIds, epochs)]);
  }

  async retire(workerId: string): Promise<void> {
    await this.#transactor.run('system', [retireWorker(workerId)]);
  }

  async retireAllBut(workerId: string): Promise<void> {
    await this.#transactor.run('system', [retireOtherWorkers(workerId)]);
  }
}

function isUnreachable(error: unknown): boolean {
  return BatutaError.has(error, 'database-unreachable');
}
