import type { StoredSignal } from '../../../port/run-record.ts';
import { statement } from '../statement.ts';

/** Signals of a run in order of arrival. */
export const readSignals = statement<StoredSignal, readonly [runId: string]>(
  'read-signals',
  'select id, kind, data from run_signals where run_id = $1 order by id',
);
