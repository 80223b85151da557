import type { ErrorCode } from '@batuta/contract';
import type { TestRequest } from '../http/open-door.ts';
import type { Belongings } from './belongings.ts';

/** How an answer must look that gives nothing away. */
export type Expectation =
  /** 404 with this code: the id of another is an unknown one. */
  | { kind: 'unknown'; code: ErrorCode }
  /** A list without items. */
  | { kind: 'empty' }
  /** A result of a tool or resource of the MCP endpoint in which this stands. */
  | { kind: 'told'; words: string }
  /** An answer about the asker alone: nothing of the owner's stands in it. */
  | { kind: 'own' }
  /** 403 with this code. */
  | { kind: 'refused'; code: ErrorCode };

/** One request that somebody makes who has no business with the owner's things. */
export interface Probe {
  expected: Expectation;
  /** What another member of the same tenant is told instead; those whose role may not do it at all are refused. */
  forMembers?: Expectation;
  /** Its answer repeats what the asker has asked before, ids of others included. */
  isEcho?: true;
  ask: (ids: Belongings) => TestRequest & { path: string };
}

type Ask = (ids: Belongings) => string;

/** A path with an id of the owner's: unknown to others. */
export function unknown(code: ErrorCode, path: Ask, request: TestRequest = {}): Probe {
  return { expected: { kind: 'unknown', code }, ask: (ids) => ({ ...request, path: path(ids) }) };
}

/** A body with an id of the owner's: unknown to others. */
export function unknownInBody(code: ErrorCode, path: string, json: (ids: Belongings) => unknown): Probe {
  return { expected: { kind: 'unknown', code }, ask: (ids) => ({ path, json: json(ids) }) };
}

/** A list, maybe narrowed by an id of the owner's: empty for others. */
export function empty(path: Ask): Probe {
  return { expected: { kind: 'empty' }, ask: (ids) => ({ path: path(ids) }) };
}

/** Something that is about the asker alone. */
export function own(path: string, request: TestRequest = {}): Probe {
  return { expected: { kind: 'own' }, ask: () => ({ ...request, path }) };
}

/** Whose role or key does not allow it. */
export const refused: Expectation = { kind: 'refused', code: 'permission-missing' };

/** Something that only administrators of the platform may do. */
export function platformOnly(path: Ask, request: TestRequest = {}): Probe {
  return { expected: refused, ask: (ids) => ({ ...request, path: path(ids) }) };
}
