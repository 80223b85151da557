import type { LimitPeriod, LimitResource, LimitSubject } from '@batuta/contract';
import type { Rule } from './bucket.ts';
import type { Plan } from './plan.ts';

type Shared = NonNullable<Plan['tenant']>;

const periods: readonly LimitPeriod[] = ['minute', 'day'];

/** The rules of a plan for its tenant, or for one of its users, keys or addresses. */
export function rulesFor(
  plan: Plan,
  subject: Extract<LimitSubject, 'tenant' | 'user' | 'key' | 'address'>,
  resource: Extract<LimitResource, 'requests' | 'tokens'>,
): Rule[] {
  const shares: Shared = plan[subject] ?? {};
  return periods.flatMap((per) => {
    const limit = shares[`${resource}_per_${per}`];
    return limit === undefined ? [] : [{ subject, resource, per, limit }];
  });
}

/** The rules of a plan for a tool, with the pattern that names it; the most exact pattern counts, no other. */
export function rulesForTool(plan: Plan, tool: string): { pattern: string; rules: Rule[] } | null {
  const patterns = Object.keys(plan.tools ?? {}).filter((pattern) => matches(pattern, tool));
  const pattern = patterns.toSorted((one, other) => exactness(other) - exactness(one))[0];
  if (pattern === undefined) return null;
  const calls = plan.tools?.[pattern] ?? {};
  const rules = periods.flatMap((per) => {
    const limit = calls[`calls_per_${per}`];
    return limit === undefined ? [] : [{ subject: 'tool' as const, resource: 'calls' as const, per, limit }];
  });
  return { pattern, rules };
}

/** A pattern without a star is the most exact one; otherwise the longer one is. */
function exactness(pattern: string): number {
  return pattern.includes('*') ? pattern.length : Number.POSITIVE_INFINITY;
}

/** Whether a tool has the name that a pattern tells; each star stands for any characters. Takes time of the order of both lengths. */
function matches(pattern: string, tool: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === tool;
  const last = parts.pop() ?? '';
  if (!tool.startsWith(first) || !tool.endsWith(last)) return false;
  let at = first.length;
  const end = tool.length - last.length;
  for (const part of parts) {
    const found = tool.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}
