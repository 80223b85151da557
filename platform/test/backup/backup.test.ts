import { BatutaError } from '@batuta/contract';
import { startTestPlatform, withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { OpenDatabase } from '../../src/composition/open-database.ts';
import { withLater, ownCount } from '../database/extra-migrations.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';
import { backupOf, contentOf, databaseKinds, linesOf, openEmpty, type DatabaseKind } from './backup-kit.ts';

const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ database }) => database.close()));
});

async function emptyTarget(...order: Parameters<typeof openEmpty>) {
  const target = await openEmpty(...order);
  opened.push(target);
  return target;
}

/** Text that breaks whoever reads lines, encodes twice or believes in C strings. */
const hardText = 'a\u0000b\u2028c\r\nd "e" \\ñ 😀';
const largeNumber = 9_007_199_254_740_991;

/** A platform with a run that succeeded after an effect and one that waits for an approval. */
async function withStories(
  kind: DatabaseKind,
  test: (platform: TestPlatform, runs: { done: string; waiting: string }) => Promise<void>,
): Promise<void> {
  const book = countingTool('book', { execute: async () => hardText });
  const refund = countingTool('refund');
  const model = ({ messages }: { messages: readonly { role: string; parts?: readonly unknown[] }[] }) => {
    if (messages.at(-1)?.role === 'tool') return { text: hardText };
    const isRefund = JSON.stringify(messages).includes('refund please');
    return { calls: [{ tool: isRefund ? 'refund' : 'book', arguments: { n: largeNumber } }] };
  };
  const agents = [{ permissions: [{ ask: 'refund' }, { allow: 'book' }] }];
  const options = { model, agents, tools: [book.tool, refund.tool], database: kind };
  await withPlatform({ ...options, postgresUrl: inject('postgresUrl') }, async (platform) => {
    const done = await platform.run(hardText);
    const waiting = await platform.run('refund please');
    expect([done.status, waiting.status]).toEqual(['succeeded', 'waiting']);
    await test(platform, { done: done.id, waiting: waiting.id });
  });
}

/** The same platform on another database. */
function continueOn(
  platform: TestPlatform,
  target: OpenDatabase,
  refundTool: ReturnType<typeof countingTool>,
) {
  const stores = { ...target, url: undefined, release: () => undefined };
  const agents = [{ permissions: [{ ask: 'refund' }] }];
  const model = [{ text: 'Refunded.' }];
  return startTestPlatform({ model, agents, tools: [refundTool.tool], share: { ...platform, stores } });
}

describe.each(databaseKinds)('a backup of %s', (source) => {
  it.each(databaseKinds)('is restored on %s, row by row and digit by digit', async (kind) => {
    await withStories(source, async (platform) => {
      const target = await emptyTarget(kind);
      const backup = await backupOf(platform.stores.database);
      const summary = await target.database.restore(linesOf(backup), { resume: true });
      const content = await contentOf(platform.stores.engine);
      expect(summary.rows).toMatchObject({ runs: 2, events: content['events']?.length ?? -1 });
      expect(content['events']?.some((row) => row.includes(String(largeNumber)))).toBe(true);
      expect(await contentOf(target.engine)).toEqual(content);
      expect(await target.database.migrationStatus()).toMatchObject({ pending: [] });
    });
  });

  it('ends what was under way; a retry asks again and repeats nothing', async () => {
    await withStories(source, async (platform, runs) => {
      const target = await emptyTarget(source);
      const backup = await backupOf(platform.stores.database);
      await target.database.restore(linesOf(backup), { resume: false });
      const refund = countingTool('refund');
      const restored = await continueOn(platform, target, refund);
      const { application, identity } = restored;
      const signal = new AbortController().signal;
      const stopped = await application.runs.waitForEnd(identity, runs.waiting, { seconds: 10, signal });
      expect(stopped).toMatchObject({ status: 'failed', error: { code: 'run-restored' } });
      expect(await application.runs.get(identity, runs.done)).toMatchObject({ status: 'succeeded' });
      await application.runs.retry(identity, runs.waiting);
      const ended = await application.runs.waitForEnd(identity, runs.waiting, { seconds: 10, signal });
      expect([ended.status, refund.executions]).toEqual(['succeeded', []]);
      await restored.stop(0);
    });
  });

  it('goes on with everything when it is told to', async () => {
    await withStories(source, async (platform, runs) => {
      const target = await emptyTarget(source);
      await target.database.restore(linesOf(await backupOf(platform.stores.database)), { resume: true });
      const refund = countingTool('refund');
      const restored = await continueOn(platform, target, refund);
      const { application, identity } = restored;
      const [open] = (await application.approvals.list(identity, { pending: true, limit: 9 })).items;
      await application.approvals.decide(identity, open?.id ?? '', { decision: 'approve' });
      const wait = { seconds: 10, signal: new AbortController().signal };
      const ended = await application.runs.waitForEnd(identity, runs.waiting, wait);
      expect([ended.status, refund.executions.length]).toEqual(['succeeded', 1]);
      await restored.stop(0);
    });
  });
});

describe('a backup that is not whole', () => {
  it('leaves no row, wherever it was cut or changed, and a good one can follow', async () => {
    await withStories('pglite', async (platform) => {
      const backup = await backupOf(platform.stores.database);
      const target = await emptyTarget('pglite');
      const cuts = [0, 10, 0.2, 0.5, 0.9].map((at) => backup.slice(0, at < 1 ? at * backup.length : at));
      const changed = backup.replace('refund please', 'refund pleasE');
      const further = `${backup}{"more":1}\n`;
      for (const broken of [...cuts, backup.slice(0, -1).slice(0, -30), changed, further, 'no backup\n']) {
        const restore = target.database.restore(linesOf(broken), { resume: true });
        await expect(restore).rejects.toMatchObject({ code: 'backup-invalid' });
      }
      const rows = Object.values(await contentOf(target.engine)).flat();
      expect(rows).toEqual([]);
      await target.database.restore(linesOf(backup), { resume: true });
      expect(await contentOf(target.engine)).toEqual(await contentOf(platform.stores.engine));
    });
  });

  it('is not put over data that is there', async () => {
    await withStories('pglite', async ({ stores }) => {
      const backup = await backupOf(stores.database);
      const before = await contentOf(stores.engine);
      const restore = stores.database.restore(linesOf(backup), { resume: true });
      await expect(restore).rejects.toMatchObject({ code: 'restore-target-in-use' });
      expect(await contentOf(stores.engine)).toEqual(before);
    });
  });
});

describe('versions', () => {
  it('a backup of an older version is migrated, one of a newer version is refused', async () => {
    const newer = withLater(1);
    const older = await emptyTarget('pglite');
    await older.database.migrate();
    await older.access.ensureTenant('acme', 'Acme');
    const target = await emptyTarget('pglite', newer);
    await target.database.restore(linesOf(await backupOf(older.database)), { resume: true });
    expect(await target.database.migrationStatus()).toMatchObject({ found: ownCount + 1, pending: [] });
    const tooOld = await emptyTarget('pglite');
    const refused = tooOld.database.restore(linesOf(await backupOf(target.database)), { resume: true });
    await expect(refused).rejects.toMatchObject({ code: 'backup-too-new', data: { found: ownCount + 1 } });
    expect(BatutaError.is(await refused.catch((error: unknown) => error))).toBe(true);
  });
});

describe('a backup while runs go on', () => {
  it('is of one instant: each run is as its log says', async () => {
    const options = { database: 'postgres' as const, postgresUrl: inject('postgresUrl') };
    const model = ({ messages }: { messages: readonly unknown[] }) =>
      messages.length < 12 ? { calls: [{ tool: 'book', arguments: { n: messages.length } }] } : { text: 'x' };
    const book = countingTool('book');
    const agents = [{ permissions: [{ allow: 'book' }] }];
    await withPlatform({ ...options, model, agents, tools: [book.tool] }, async (platform) => {
      const target = await emptyTarget('postgres');
      let text = '';
      let during: Promise<unknown> | undefined;
      const start = () => Promise.all(Array.from({ length: 12 }, () => platform.run('Go')));
      await platform.run('Go');
      await platform.stores.database.backup(async (piece) => {
        during ??= start();
        // Each piece is taken in only after others have committed: the snapshot must not see it.
        await platform.signals.reached('commit-after');
        text += piece;
      });
      await during;
      await target.database.restore(linesOf(text), { resume: true });
      expect((await contentOf(target.engine))['runs']).toHaveLength(1);
      expect(await runsUnlikeTheirLog(target)).toEqual([]);
    });
  });
});

/** Runs whose row counts other turns than their log. */
async function runsUnlikeTheirLog({ engine }: OpenDatabase): Promise<unknown[]> {
  return engine.administer(async (client) => {
    const found = await client.query(
      `select id from batuta.runs where turns <> (
         select count(*) from batuta.events where run_id = runs.id and kind = 'model-call-settled')`,
    );
    return found.rows;
  });
}
