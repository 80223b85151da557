import {
  BatutaError,
  eventVersions,
  type Event,
  type EventKind,
  type JsonObject,
  type JsonValue,
} from '@batuta/contract';
import type { StoredEvent } from '../../port/event-log.ts';

/** Lifts the data of one event kind from `version` to `version + 1`. Each has a fixture of the old version in the tests. */
interface Upgrader {
  kind: EventKind;
  version: number;
  upgrade(data: JsonObject): JsonObject;
}

const upgraders: readonly Upgrader[] = [
  {
    // Version 1 knew input and output tokens only, and neither cost nor the time to the first token.
    kind: 'model-call-settled',
    version: 1,
    upgrade: (data) => ({
      ...data,
      usage: {
        input_tokens: 0,
        cached_input_tokens: 0,
        cache_write_tokens: 0,
        output_tokens: 0,
        reasoning_tokens: 0,
        ...asObject(data['usage']),
      },
      cost_micros: null,
      first_token_ms: 0,
    }),
  },
  {
    // Version 1 was bound to the arguments as the model wrote them, knew no roles and no labels, and showed no arguments.
    kind: 'approval-requested',
    version: 1,
    upgrade: (data) => ({ ...data, arguments_preview: '', needed_role: 'operator', labels: [] }),
  },
];

/**
 * Reads a stored event of any version. An event of a newer version than this program's is read as it is: a newer version
 * only adds fields within one release step, so that a rollback by one version goes on. An unknown kind becomes `note-added`,
 * which the fold ignores. Errors: `event-unreadable` when an upgrader is missing.
 */
export function upgradeEvent(stored: StoredEvent): Event {
  const kind = stored.kind;
  if (!isKnownKind(kind)) {
    return {
      ...envelopeOf(stored),
      kind: 'note-added',
      version: 1,
      data: { topic: kind, data: stored.data },
    };
  }
  let { version, data } = stored;
  while (version < eventVersions[kind]) {
    data = upgraderOf(stored, kind, version).upgrade(data);
    version += 1;
  }
  // The data was checked when it was written; the upgraders' tests check what they give.
  return { ...envelopeOf(stored), kind, version, data } as Event;
}

function envelopeOf({ seq, sessionId, runId, at }: StoredEvent) {
  return { seq, session_id: sessionId, run_id: runId, at };
}

function upgraderOf(stored: StoredEvent, kind: EventKind, version: number): Upgrader {
  const found = upgraders.find((each) => each.kind === kind && each.version === version);
  if (found) return found;
  throw new BatutaError('event-unreadable', {
    session_id: stored.sessionId,
    seq: stored.seq,
    kind,
    version: stored.version,
    reason: `this program has no upgrader from version ${version}`,
  });
}

function isKnownKind(kind: string): kind is EventKind {
  return kind in eventVersions;
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
