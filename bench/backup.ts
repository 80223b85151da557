/** How long a backup and a restore take: `node bench/backup.ts [events]`, on the embedded database in a folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@batuta/platform/database';

const events = Number(process.argv[2] ?? 100_000);
const rounds = 3;
const folder = mkdtempSync(join(tmpdir(), 'batuta-bench-backup-'));

const source = await openDatabase({ directory: join(folder, 'source') });
await source.database.migrate();
await source.engine.administer((client) =>
  client.query(
    `insert into batuta.events (session_id, seq, epoch, version, tenant_id, run_id, kind, data)
     select 'ses_' || n / 100, 1 + n % 100, 1, 1, 'acme', 'run_' || n / 100, 'note-added',
       json_build_object('topic', 'bench', 'data', json_build_object('text', repeat(md5(n::text), 12)))
     from generate_series(0, $1::integer - 1) n`,
    [events],
  ),
);
for (let round = 1; round <= rounds; round += 1) {
  const pieces: string[] = [];
  const began = performance.now();
  await source.database.backup(async (piece) => void pieces.push(piece));
  const written = performance.now();
  const target = await openDatabase({ directory: join(folder, `target-${round}`) });
  const lines = pieces.join('').split('\n').slice(0, -1);
  const opened = performance.now();
  await target.database.restore(
    (async function* () {
      yield* lines;
    })(),
    { resume: true },
  );
  const restored = performance.now();
  await target.database.close();
  const perSecond = (from: number, to: number) => Math.round((events / (to - from)) * 1000);
  console.log(
    `round ${round}: backup ${perSecond(began, written)} events/s, restore ${perSecond(opened, restored)} events/s`,
  );
}
await source.database.close();
rmSync(folder, { recursive: true, force: true });
