import type { PgBoss } from 'pg-boss';
import type { Database } from '../../port/database.ts';
import type { Log } from '../../port/log.ts';
import {
  deadLetterQueue,
  storedDeadLetters,
  storedQueue,
  type QueueTiming,
  type StoredQueue,
} from './queue-options.ts';
import type { JobKind } from './run-job.ts';
import type { WakeChannel } from './wake-channel.ts';
import type { WatchedConnection } from './watched-connection.ts';

/** Schema of pg-boss's own tables. It belongs to the owner of the database; the roles of the application cannot enter it. */
const schema = 'batuta_jobs';

/** What an instance is opened with. */
export interface BossParts {
  connection: WatchedConnection;
  channel: WakeChannel;
  kind: Database['kind'];
  /** False in a process that only enqueues. */
  isWorker: boolean;
  kinds: ReadonlyMap<string, JobKind>;
  timing: QueueTiming;
  log: Log;
}

/**
 * Loads pg-boss, makes or migrates its schema and the queues. Processes that do so at the same time wait for each other: it takes an
 * advisory lock of its own.
 */
export async function openBoss(parts: BossParts): Promise<PgBoss> {
  const { connection, channel, kind, isWorker, timing, log } = parts;
  const library = await import('pg-boss');
  const boss = new library.PgBoss({
    db: { executeSql: (text, values) => connection.execute(text, values), listen: channel.listen },
    schema,
    backend: kind === 'embedded' ? 'pglite' : 'postgres',
    useListenNotify: true,
    supervise: isWorker,
    schedule: isWorker,
    // A regular job comes at most so much later than its minute.
    cronMonitorIntervalSeconds: 15,
    superviseIntervalSeconds: timing.superviseSeconds,
    monitorIntervalSeconds: timing.superviseSeconds,
    queueCacheIntervalSeconds: 60,
    // Jobs here are in no flows; looking for them every few seconds would be work for nothing.
    flowIntervalSeconds: 3600,
    bamIntervalSeconds: 600,
    // The embedded database has neither autovacuum nor a second connection to rebuild an index on.
    reindex: kind === 'postgres',
    monitorVacuum: kind === 'postgres',
  });
  boss.on('error', (error) => {
    // A lost connection has been said already.
    if (!connection.isLost) log.warn('background jobs met an error', { error: error.message });
  });
  boss.on('warning', ({ message }) => log.debug('pg-boss warns', { warning: message }));
  await boss.start();
  await prepareQueues(boss, parts);
  return boss;
}

async function prepareQueues(boss: PgBoss, { kinds, timing }: BossParts): Promise<void> {
  const present = new Set((await boss.getQueues()).map(({ name }) => name));
  await prepareQueue(boss, { name: deadLetterQueue, wanted: storedDeadLetters, present });
  for (const [name, { options }] of kinds) {
    await prepareQueue(boss, { name, wanted: storedQueue(options, timing), present });
  }
}

/** What may have changed since a former version is written anew; the policy of a queue is for ever. */
async function prepareQueue(
  boss: PgBoss,
  { name, wanted, present }: { name: string; wanted: StoredQueue; present: ReadonlySet<string> },
): Promise<void> {
  if (!present.has(name)) return boss.createQueue(name, wanted);
  const { policy: _, ...changeable } = wanted;
  await boss.updateQueue(name, changeable);
}
