import type { AgentDefinition } from '@batuta/contract';
import type { Lease, RunRecord } from '../../port/run-record.ts';
import type { Toolset } from '../../domain/tool/toolset.ts';
import type { RunControl } from './run-control.ts';
import type { RunMoney } from './run-money.ts';
import type { TurnJournal } from './turn-journal.ts';

/** A run in the hands of this worker. */
export interface HeldRun {
  readonly lease: Lease;
  readonly record: RunRecord;
  readonly definition: AgentDefinition;
  /** The agent's tools as they are now. */
  readonly tools: Toolset;
  /** Models in the order in which they are tried. */
  readonly models: readonly string[];
  readonly journal: TurnJournal;
  readonly control: RunControl;
  readonly money: RunMoney;
  /** The instant that the database's clock had reached when it made the run claimable: what was due then is due. */
  readonly dueAt: number;
  /** `wanted`: a provider said that the history does not fit, whatever our estimate. `tried`: it was compacted for that. */
  compaction: 'none' | 'wanted' | 'tried';
}

/** What became of a run when its worker let go of it. */
export type RunEnd = 'ended' | 'waiting' | 'woken' | 'released' | 'lost';
