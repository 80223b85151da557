import type { z } from 'zod';
import { requestInvalid } from './request-invalid.ts';

/** Part of a request that a schema describes. */
export type RequestPart = 'body' | 'query' | 'path' | 'arguments';

/** The value as its schema gives it. Errors: `request-invalid`, which names each place. */
export function checkPart<T>(part: RequestPart, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw requestInvalid(
    result.error.issues.flatMap(flatten).map(({ path, message }) => ({
      path: [part, ...path.map(String)].join('.').slice(0, 200),
      message: message.slice(0, 300),
    })),
  );
}

/** Of the alternatives of a union, tells the issues of the one that came nearest. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const nearest = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
  if (nearest.length === 0 || depth(nearest) === 0) return [issue];
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}
