import { z } from 'zod';
import { runIdSchema, sessionIdSchema } from '../id.ts';
import { eventDataSchemas } from './event-data.ts';

/** Name of a fact that a session's log can hold. */
export type EventKind = keyof typeof eventDataSchemas;

/** The data of one event kind, in its current version. */
export type EventData<K extends EventKind> = z.infer<(typeof eventDataSchemas)[K]>;

/** Current schema version of each event kind: the one that is written. */
export const eventVersions: { readonly [K in EventKind]: number } = {
  'session-forked': 1,
  'run-started': 1,
  'run-recovered': 1,
  'message-added': 1,
  'model-call-failed': 1,
  'model-call-settled': 2,
  'model-tier-chosen': 1,
  'question-embedded': 1,
  'tool-call-claimed': 1,
  'tool-call-unknown': 1,
  'tool-call-settled': 1,
  'tools-found': 1,
  'context-tainted': 1,
  'input-requested': 1,
  'tool-call-progressed': 1,
  'authorization-requested': 1,
  'timer-set': 1,
  'child-run-started': 1,
  'approval-requested': 2,
  'approval-decided': 1,
  'approval-applied': 1,
  'cost-reserved': 1,
  'cost-settled': 1,
  'budget-alerted': 1,
  'limit-reached': 1,
  'budget-reached': 1,
  'run-suspended': 1,
  'run-resumed': 1,
  'history-compacted': 1,
  'progress-warned': 1,
  'run-succeeded': 1,
  'run-failed': 1,
  'run-cancelled': 1,
  'run-retried': 1,
  'note-added': 1,
};

/** All event kinds. */
export const eventKinds = Object.keys(eventDataSchemas) as EventKind[];

/** A fact about to be written: the store gives it its place in the log. */
export type NewEvent = { [K in EventKind]: { kind: K; data: EventData<K> } }[EventKind];

/** One immutable fact in a session's log, as stored and as sent to clients. */
export type Event = {
  [K in EventKind]: {
    /** Place in the session's log, from 1, without gaps. */
    seq: number;
    session_id: string;
    run_id: string;
    kind: K;
    version: number;
    /** ISO 8601 instant at which it was committed. */
    at: string;
    data: EventData<K>;
  };
}[EventKind];

const envelope = {
  seq: z.int().positive(),
  session_id: sessionIdSchema,
  run_id: runIdSchema,
  version: z.int().positive(),
  at: z.iso.datetime(),
};

const [first, ...rest] = eventKinds.map((kind) =>
  z.strictObject({ ...envelope, kind: z.literal(kind), data: eventDataSchemas[kind] }),
);

/** Checks an event of the current versions; older ones are lifted by the platform before they are checked. */
export const eventSchema = z.discriminatedUnion('kind', [first!, ...rest]);
