import type { IdKind } from '@batuta/contract';

/** Makes identifiers; injected so that tests get predictable ones. */
export interface Ids {
  /** A new identifier such as `run_...`. Later ones sort after earlier ones of the same kind. */
  create(kind: IdKind): string;
}
