import { statement } from '../statement.ts';

/** Removes the signals that a commit has taken up. */
export const takeSignals = statement<never, readonly [runId: string, signalsTakenTo: number]>(
  'take-signals',
  'delete from run_signals where run_id = $1 and id <= $2',
);
