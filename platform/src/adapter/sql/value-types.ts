import { types } from 'pg';

/** How values come out of the driver: `bigint` as a number, an instant as milliseconds since the epoch. */
export const valueTypes = {
  getTypeParser(oid: Parameters<typeof types.getTypeParser>[0], format?: 'text' | 'binary') {
    if (oid === types.builtins.INT8) return Number;
    if (oid === types.builtins.TIMESTAMPTZ) return parseInstant;
    return types.getTypeParser(oid, format);
  },
};

/** Reads `2026-11-21 10:00:00.123+00`: connections are set to ISO dates in UTC. */
function parseInstant(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}
