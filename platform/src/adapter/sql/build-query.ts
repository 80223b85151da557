import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
} from 'kysely';
import type { Query } from './statement.ts';
import type { Tables } from './tables.ts';

/** Builds the queries whose shape depends on what is asked. It only builds: a transactor runs them. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** A built query as one that a transactor runs. */
export function toQuery<Row>(built: Compilable<Row>): Query<Row> {
  const { sql, parameters } = built.compile();
  return { text: sql, values: parameters };
}
