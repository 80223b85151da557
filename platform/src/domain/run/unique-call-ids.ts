import type { AssistantPart } from '@batuta/contract';
import { callIdsOf } from '../context/pair-results.ts';
import type { SessionState } from './state.ts';

/** Longest id that every provider takes back. */
const longestId = 40;

/**
 * An answer whose call ids are new to the run and to the history. Ids are the model's choice and some models number their calls
 * from one in every answer; results, effects and decisions are bound to them, so one that was used before gets another ending.
 */
export function withUniqueCallIds(state: SessionState, parts: readonly AssistantPart[]): AssistantPart[] {
  if (!parts.some((part) => part.type === 'tool-call')) return [...parts];
  const used = usedIds(state);
  return parts.map((part) => {
    if (part.type !== 'tool-call') return part;
    const id = freeId(part.call_id, used);
    used.add(id);
    return id === part.call_id ? part : { ...part, call_id: id };
  });
}

function usedIds({ history, run }: SessionState): Set<string> {
  const used = new Set(run?.callIds);
  for (const item of history) {
    if (item.role === 'assistant') for (const callId of callIdsOf(item)) used.add(callId);
  }
  return used;
}

function freeId(wanted: string, used: ReadonlySet<string>): string {
  if (wanted !== '' && !used.has(wanted)) return wanted;
  for (let count = 2; ; count += 1) {
    const ending = `_${count}`;
    const id = `${(wanted || 'call').slice(0, longestId - ending.length)}${ending}`;
    if (!used.has(id)) return id;
  }
}
