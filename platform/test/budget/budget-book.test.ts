import { agentDefinitionSchema } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { BudgetBook } from '../../src/application/budget/budget-book.ts';
import { makeAgentCatalogue } from '../../src/application/definition/agent-catalogue.ts';
import { makeCalendar } from '../../src/domain/budget/calendar.ts';
import type { BudgetRecord } from '../../src/port/budget-store.ts';
import { ManualClock } from './manual-clock.ts';

const run = { runId: 'run_1', sessionId: 'ses_1', agent: 'clerk', ancestors: [], userId: null };
const record: BudgetRecord = {
  id: 'bud_1',
  name: '',
  scope: 'tenant',
  subject: null,
  per: 'day',
  limitMicros: 100,
  hard: true,
  onLimit: 'wait',
  alerts: [],
  createdAt: 0,
  updatedAt: 0,
};

/** A book over a list of budgets that a test changes; `reads` counts how often it is read. */
function open() {
  const clock = new ManualClock();
  const store = { budgets: new Array<BudgetRecord>(), reads: 0, held: Promise.resolve() };
  const file = { run_usd: 1 };
  const definition = agentDefinitionSchema.parse({
    name: 'thrifty',
    description: 'Saves.',
    instructions: 'Save.',
    budget: file,
  });
  const list = async () => {
    store.reads += 1;
    await store.held;
    return [...store.budgets];
  };
  const agents = makeAgentCatalogue([{ hash: 'h', definition }]);
  const calendar = makeCalendar('UTC');
  const book = new BudgetBook({ budgets: { list }, agents, teams: [], calendar, clock });
  const accounts = async () => (await book.coverOf('acme', run)).map(({ account }) => account);
  return { clock, store, book, accounts };
}

describe('the book of budgets', () => {
  test('is read once for all who ask at the same time, and again after two seconds', async () => {
    const { clock, store, book } = open();
    await book.coverOf('acme', run);
    await Promise.all([book.coverOf('acme', run), book.coverOf('acme', { ...run, runId: 'run_2' })]);
    expect(store.reads).toBe(1);
    clock.advance(2_000);
    await Promise.all([book.coverOf('acme', run), book.coverOf('acme', run)]);
    expect(store.reads).toBe(2);
  });

  test('lets nobody wait who can go on with what is there', async () => {
    const { clock, store, book } = open();
    await book.coverOf('acme', run);
    clock.advance(2_000);
    const reading = Promise.withResolvers<void>();
    store.held = reading.promise;
    expect(book.coverOf('acme', run)).toEqual([]);
    reading.resolve();
  });

  test('lets nobody go on with what is older than five seconds', async () => {
    const { clock, store, accounts } = open();
    expect(await accounts()).toEqual([]);
    store.budgets.push(record);
    clock.advance(5_000);
    expect(await accounts()).toEqual(['tenant//day/2026-11-21']);
  });

  test('tells who asks after five seconds that it cannot be read', async () => {
    const { clock, store, book } = open();
    await book.coverOf('acme', run);
    clock.advance(5_000);
    store.held = Promise.reject(new Error('gone'));
    await expect(book.coverOf('acme', run)).rejects.toThrow('gone');
    store.held = Promise.resolve();
    expect(await book.coverOf('acme', run)).toEqual([]);
  });

  test('knows at once what was changed here', async () => {
    const { store, book, accounts } = open();
    await accounts();
    store.budgets.push(record);
    book.forget('acme');
    expect(await accounts()).toHaveLength(1);
  });

  test('gives the same list to a run as long as neither budgets nor the day have changed', async () => {
    const { clock, store, book } = open();
    store.budgets.push(record);
    const first = await book.coverOf('acme', run);
    expect(book.coverOf('acme', run)).toBe(first);
    clock.advance(12 * 3_600_000);
    expect((await book.coverOf('acme', run))[0]?.account).toBe('tenant//day/2026-11-22');
  });

  test('has the budgets of files', async () => {
    const { book } = open();
    expect(book.ofFiles().map(({ id }) => id)).toEqual(['agent_thrifty_run']);
    const covers = await book.coverOf('acme', { ...run, agent: 'thrifty' });
    expect(covers.map(({ account }) => account)).toEqual(['run/run_1']);
  });
});
