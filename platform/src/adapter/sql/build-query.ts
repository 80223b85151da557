import type { Compilable, Kysely, Sql } from 'kysely';
import type { Query } from './statement.ts';
import type { Tables } from './tables.ts';

let builder: Promise<Kysely<Tables>> | undefined;

/**
 * Builds the queries whose shape depends on what is asked. It only builds: a transactor runs them. The library is loaded with the first
 * list that somebody asks for: it takes 12 MB, and a process that only executes runs never needs it.
 */
export function queryBuilder(): Promise<Kysely<Tables>> {
  builder ??= makeBuilder();
  return builder;
}

/** The way to write a piece of a built query by hand, loaded as the builder is. */
export async function rawSql(): Promise<Sql> {
  return (await import('kysely')).sql;
}

async function makeBuilder(): Promise<Kysely<Tables>> {
  const kysely = await import('kysely');
  return new kysely.Kysely<Tables>({
    dialect: {
      createAdapter: () => new kysely.PostgresAdapter(),
      createDriver: () => new kysely.DummyDriver(),
      createIntrospector: (database) => new kysely.PostgresIntrospector(database),
      createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
    },
  });
}

/** A built query as one that a transactor runs. */
export function toQuery<Row>(built: Compilable<Row>): Query<Row> {
  const { sql, parameters } = built.compile();
  return { text: sql, values: parameters };
}
