import { eventVersions, type NewEvent } from '@batuta/contract';

/** Events as the values of a statement: `unnest` of two arrays beside the elements of one JSON array. */
export interface EventRows {
  kinds: string[];
  versions: number[];
  /** One JSON array: the server splits it, and what stands in it is kept as it is. */
  data: string;
}

/** Lays events out for a statement, each in the version that is written today. */
export function toEventRows(events: readonly NewEvent[]): EventRows {
  return {
    kinds: events.map((event) => event.kind),
    versions: events.map((event) => eventVersions[event.kind]),
    data: JSON.stringify(events.map((event) => event.data)),
  };
}
