import type { JsonObject, JsonValue } from '@batuta/contract';
import type { Operation, ParameterPlan } from '../document/operation.ts';
import { encodePairs, encodeSimple, percentEncode } from './encode-value.ts';
import { RequestFault } from './request-fault.ts';

/** The parameters of a call where they belong. */
export interface EncodedParameters {
  /** The path with its variables filled in, percent-encoded. */
  path: string;
  /** `name=value`, percent-encoded. */
  query: string[];
  headers: Record<string, string>;
  /** `name=value`. */
  cookies: string[];
}

/** Puts arguments where the document wants them. Throws `RequestFault`. */
export function encodeParameters(operation: Operation, input: JsonObject): EncodedParameters {
  const { path: template, fixed } = splitPath(operation.path);
  const encoded: EncodedParameters = { path: template, query: fixed, headers: {}, cookies: [] };
  const variables = new Map<string, string>();
  for (const plan of operation.parameters) {
    const value = input[plan.argument];
    if (value === undefined || (value === null && plan.in !== 'query')) continue;
    if (plan.in === 'path') variables.set(plan.name, pathText(plan, value));
    else place(encoded, plan, value);
  }
  encoded.path = fill(template, variables);
  return encoded;
}

/** A path may hold a query that is always the same, and a fragment that only tells operations apart. */
function splitPath(text: string): { path: string; fixed: string[] } {
  const [beforeFragment = ''] = text.split('#');
  const [path = '', query = ''] = beforeFragment.split('?');
  return { path, fixed: query === '' || query.includes('{') ? [] : query.split('&') };
}

function place(encoded: EncodedParameters, plan: ParameterPlan, value: JsonValue): void {
  if (plan.in === 'header') encoded.headers[plan.name] = headerText(plan, value);
  const pairs = plan.in === 'header' ? [] : encodePairs(plan.name, value, plan);
  (plan.in === 'cookie' ? encoded.cookies : encoded.query).push(...pairs.map((pair) => pair.join('=')));
}

/**
 * A variable stays one step of the path: one that is empty would ask for something else, and `.` and `..` would lead elsewhere, however
 * they are encoded.
 */
function pathText(plan: ParameterPlan, value: JsonValue): string {
  const text = encodeSimple(plan, value, percentEncode);
  if (text === '') throw new RequestFault(`"${plan.argument}" must not be empty`);
  if (/^\.{1,2}$/.test(text)) throw new RequestFault(`"${plan.argument}" must not be "${text}"`);
  return text;
}

function fill(template: string, variables: ReadonlyMap<string, string>): string {
  const path = template.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => variables.get(name) ?? whole);
  // Several variables can make one step together.
  const step = path.split('/').find((each) => /^(?:\.|%2e){1,2}$/i.test(each));
  if (step !== undefined) throw new RequestFault('the path would lead out of itself');
  return path;
}

function headerText(plan: ParameterPlan, value: JsonValue): string {
  const text = encodeSimple(plan, value, (part) => part);
  if (/^[\t\u0020-\u007e\u00a0-\u00ff]*$/.test(text)) return text;
  throw new RequestFault(`"${plan.argument}" is sent as a header and must be one line of Latin letters`);
}
