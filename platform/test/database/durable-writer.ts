/** Commits one turn after the other to an embedded database and says after each what is written, until it is killed. */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/composition/open-database.ts';
import { makeTurn, running, start } from '../conformance/make-run.ts';

const { runs } = await openDatabase({ directory: process.argv[2] ?? '' });
await runs.heartbeat('worker-1', 60_000);
const lease = await start(runs);
for (let seq = 2; seq < 10_000; seq += 1) {
  await runs.commit(makeTurn(lease, seq, { run: { ...running, turns: seq } }));
  const line = { runId: lease.runId, sessionId: lease.sessionId, acknowledged: seq };
  writeSync(1, `${JSON.stringify(line)}\n`);
}
