import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Query } from '../../src/adapter/sql/statement.ts';
import { Transactor } from '../../src/adapter/sql/transactor.ts';

const scope = { tenant: 'acme' };

/** A query with a name of its own, prepared once on a connection. */
function named(text: string, ...values: unknown[]): Query<{ value: unknown }> {
  return { name: `test-${text.length}-${text.slice(0, 40)}`, text, values };
}

const insert = (hash: string) =>
  named(`insert into agent_definitions values ('acme', $1, '{}') returning hash as value`, hash);
const count = { text: 'select count(*) as value from agent_definitions', values: [] };

describe.each(['pglite', 'postgres'] as const)('several queries as one transaction on %s', (kind) => {
  let database: FreshDatabase;
  let transactor: Transactor;

  beforeEach(async () => {
    database = await freshDatabase(kind, inject('postgresUrl'));
    transactor = new Transactor(database.engine.connect, 'here');
  });
  afterEach(() => database.release());

  test('gives the rows of each query, the second time as well', async () => {
    for (const hash of ['a', 'b']) {
      const answers = await transactor.run(scope, [insert(hash), named('select $1::int as value', 7)]);
      expect(answers).toEqual([[{ value: hash }], [{ value: 7 }]]);
    }
    expect(await transactor.run(scope, [count])).toEqual([[{ value: 2 }]]);
  });

  test('takes the same query twice', async () => {
    const answers = await transactor.run(scope, [insert('a'), insert('b')]);
    expect(answers).toEqual([[{ value: 'a' }], [{ value: 'b' }]]);
  });

  test('leaves nothing of a transaction whose later query fails, and goes on', async () => {
    const failing = named('select 1 / $1::int as value', 0);
    const after = named('select $1::text as value', 'after');
    await expect(transactor.run(scope, [insert('a'), failing, after])).rejects.toThrow('division by zero');
    expect(await transactor.run(scope, [count])).toEqual([[{ value: 0 }]]);
    // Prepared before, in and after the failure: each can be used again.
    const again = await transactor.run(scope, [insert('b'), after, named('select 1 / $1::int as value', 1)]);
    expect(again).toEqual([[{ value: 'b' }], [{ value: 'after' }], [{ value: 1 }]]);
  });

  test('reports a query that cannot be prepared, each time', async () => {
    const wrong = named('select nothing as value');
    await expect(transactor.run(scope, [insert('a'), wrong])).rejects.toThrow(
      'column "nothing" does not exist',
    );
    await expect(transactor.run(scope, [wrong])).rejects.toThrow('column "nothing" does not exist');
    expect(await transactor.run(scope, [count])).toEqual([[{ value: 0 }]]);
  });

  test('refuses a value that cannot be sent before anything is', async () => {
    const strange = named('select $1::text as value', { toString: undefined });
    await expect(transactor.run(scope, [insert('a'), strange])).rejects.toMatchObject({ code: 'internal' });
    expect(await transactor.run(scope, [count])).toEqual([[{ value: 0 }]]);
  });

  test.each([
    ['text', 'quote \' " backslash \\ brace {} emoji 🎵', undefined],
    ['text[]', ['a', 'with "quotes"', 'and \\ and {,}', '', 'NULL', null], undefined],
    ['int[]', [1, -2], undefined],
    ['boolean', true, undefined],
    ['float8', 1.5, undefined],
    ['bigint', 9007199254740991, undefined],
    ['bytea', new Uint8Array([0, 255, 92]), Buffer.from([0, 255, 92])],
    ['timestamptz', new Date('2026-11-21T10:00:00.123Z'), Date.parse('2026-11-21T10:00:00.123Z')],
    ['timestamptz', new Date('1999-12-31T23:59:59.999Z'), Date.parse('1999-12-31T23:59:59.999Z')],
    ['json', '{"a":[1,"\\u0000"]}', { a: [1, '\u0000'] }],
    ['text', null, undefined],
  ] as const)('carries a value of type %s there and back: %s', async (type, value, expected) => {
    const [[row]] = await transactor.run(scope, [named(`select $1::${type} as value`, value)]);
    expect(row?.value).toEqual(expected ?? value);
  });

  test('tells a transaction of several steps apart from those around it', async () => {
    const failed = transactor.transaction(scope, async (execute) => {
      await execute(insert('a'));
      expect(await execute(count)).toEqual([{ value: 1 }]);
      throw new TypeError('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await transactor.transaction(scope, (execute) => execute(insert('b')));
    expect(await transactor.run(scope, [count])).toEqual([[{ value: 1 }]]);
    expect(await transactor.run({ tenant: 'other' }, [count])).toEqual([[{ value: 0 }]]);
  });
});
