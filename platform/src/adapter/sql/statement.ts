/** One statement with its values. `name` makes the connection prepare it once. */
export interface Query<Row = unknown> {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Never set: carries the type of the rows. */
  readonly row?: Row;
}

/** The rows that each of several queries gives. */
export type RowsOf<Queries extends readonly Query[]> = {
  [Index in keyof Queries]: Queries[Index] extends Query<infer Row> ? Row[] : never;
};

/** Makes the query of a statement from its values. */
export type Statement<Row, Values extends readonly unknown[]> = (...values: Values) => Query<Row>;

/** Declares a statement of a hot path: its name, its text, the values it takes and the rows it gives. */
export function statement<Row, Values extends readonly unknown[]>(
  name: string,
  text: string,
): Statement<Row, Values> {
  return (...values) => ({ name, text, values });
}
