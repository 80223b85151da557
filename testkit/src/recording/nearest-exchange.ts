import type { JsonValue } from '@batuta/contract';

import type { RecordedExchange } from './exchange.ts';

/** A request that no recorded exchange answers. */
export interface UnmatchedRequest {
  method: string;
  path: string;
  body: JsonValue;
}

/** The recorded request that is most like another, and where they differ. */
export interface Nearest {
  exchange: RecordedExchange;
  /** The first places where the bodies differ. */
  differences: string[];
}

const mostDifferences = 3;
const mostCharacters = 60;

/** Finds the recorded request that is most like this one: of the same address if there is one, with the fewest differences. */
export function nearestExchange(
  request: UnmatchedRequest,
  exchanges: readonly RecordedExchange[],
): Nearest | undefined {
  const sameAddress = exchanges.filter(
    ({ method, path }) => method === request.method && path === request.path,
  );
  const candidates = sameAddress.length > 0 ? sameAddress : exchanges;
  const asked = leavesOf(request.body);
  const compared = candidates.map((exchange) => ({
    exchange,
    places: differingPlaces(leavesOf(exchange.request_body), asked),
  }));
  const [best] = compared.toSorted((left, right) => left.places.length - right.places.length);
  if (best === undefined) return undefined;
  const recorded = leavesOf(best.exchange.request_body);
  const differences = best.places
    .slice(0, mostDifferences)
    .map(
      (place) =>
        `${place || 'the body'}: recorded ${shown(recorded.get(place))}, asked ${shown(asked.get(place))}`,
    );
  return { exchange: best.exchange, differences };
}

function differingPlaces(recorded: Map<string, string>, asked: Map<string, string>): string[] {
  const places = new Set([...recorded.keys(), ...asked.keys()]);
  return [...places].filter((place) => recorded.get(place) !== asked.get(place));
}

/** Every value that is no object or list, or an empty one, by its place. */
function leavesOf(value: JsonValue, place = '', leaves = new Map<string, string>()): Map<string, string> {
  const inner = innerValues(value);
  if (inner.length === 0) leaves.set(place, JSON.stringify(value));
  for (const [step, item] of inner)
    leavesOf(item, place === '' ? step.replace('.', '') : place + step, leaves);
  return leaves;
}

/** What a list or an object holds, with the step that leads there. */
function innerValues(value: JsonValue): [string, JsonValue][] {
  if (Array.isArray(value)) return value.map((item, index) => [`[${index}]`, item]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, item]) => [`.${key}`, item]);
}

function shown(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return value.length <= mostCharacters ? value : `${value.slice(0, mostCharacters)}...`;
}
