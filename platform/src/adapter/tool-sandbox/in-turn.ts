import type { ToolContext } from '../../port/tool.ts';

const tails = new Map<string, Promise<unknown>>();

/**
 * Does what changes a workspace one after the other, in the order of the calls: a model that writes a file and runs it in one answer
 * means it so.
 */
export function inTurn<T>({ tenantId, sessionId }: ToolContext, work: () => Promise<T>): Promise<T> {
  const key = `${tenantId}/${sessionId}`;
  const result = (tails.get(key) ?? Promise.resolve()).then(work);
  const tail = result
    .catch(() => undefined)
    .finally(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
  tails.set(key, tail);
  return result;
}
