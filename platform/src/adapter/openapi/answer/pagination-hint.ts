import type { JsonObject } from '@batuta/contract';
import { asObject } from '../document/json-shape.ts';
import type { Operation, ParameterPlan } from '../document/operation.ts';

/** Where APIs say that there is more, besides the Link header: the path of the field. */
const nextFields: readonly string[] = [
  'next',
  'next_url',
  'nextUrl',
  'next_page_url',
  'next_link',
  'nextLink',
  '@odata.nextLink',
  'links.next',
  'links.next.href',
  '_links.next.href',
  'paging.next',
  'pagination.next_url',
  'pagination.next',
  'meta.next',
  'next_cursor',
  'nextCursor',
  'next_page_token',
  'nextPageToken',
  'next_token',
  'nextToken',
  'NextToken',
  'NextMarker',
  'continuationToken',
  'cursor.next',
  'paging.cursors.after',
  'paging.next.after',
  'meta.next_cursor',
  'response_metadata.next_cursor',
  'pagination.next_cursor',
  'pagination.cursor',
  'next_page',
  'nextPage',
  'pagination.next_page',
  'meta.next_page',
];

/** Parameters by which APIs take the place where the next page begins. */
const cursorParameters =
  /^(?:page_?token|next_?token|cursor|starting_after|after|start|offset|page|page_?number|marker|continuation_?token|\$skiptoken|next_?marker|since|before)$/i;

/** Says in words how the next page is asked for; null where the answer does not say that there is one. */
export function paginationHint(
  operation: Operation,
  answer: { link: string | undefined; body: JsonObject | undefined },
): string | null {
  const linked = nextOfLink(answer.link);
  const next = linked === undefined ? nextOfBody(answer.body) : { field: 'Link header', value: linked };
  if (next) return describeNext(operation, next);
  return hasMore(answer.body) ? `There is more: ${howToGoOn(operation)}.` : null;
}

/** The address of `rel="next"` in a Link header. */
function nextOfLink(header: string | undefined): string | undefined {
  for (const [, address, parameters = ''] of (header ?? '').slice(0, 8_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:[\s";,]|$)/i.test(parameters)) return address;
  }
  return undefined;
}

function nextOfBody(body: JsonObject | undefined): { field: string; value: string } | undefined {
  for (const field of nextFields) {
    const value =
      body?.[field] ?? field.split('.').reduce<unknown>((part, key) => asObject(part)?.[key], body);
    const isValue = (typeof value === 'string' && value !== '') || (typeof value === 'number' && value > 0);
    if (isValue && String(value).length <= 2_000) return { field, value: String(value) };
  }
  return undefined;
}

function hasMore(body: JsonObject | undefined): boolean {
  return body?.['has_more'] === true || body?.['hasMore'] === true || body?.['isLast'] === false;
}

function describeNext(operation: Operation, { field, value }: { field: string; value: string }): string {
  const from = field === 'Link header' ? field : `field "${field}"`;
  const changed = argumentsOf(operation, value);
  if (changed.length > 0) return `There is a next page (${from}): call again with ${changed.join(', ')}.`;
  if (/^(?:https?:\/)?\//.test(value)) return `There is a next page (${from}): ${value}`;
  const cursor = cursorOf(operation, field);
  const how = cursor
    ? `call again with ${cursor.argument}=${written(operation, cursor.argument, value)}`
    : `it begins at ${JSON.stringify(value)}`;
  return `There is a next page (${from}): ${how}.`;
}

/** The arguments that an address of the next page sets. */
function argumentsOf(operation: Operation, address: string): string[] {
  const url = URL.parse(address, 'http://relative.invalid');
  if (!url || !address.includes('?')) return [];
  return operation.parameters.flatMap(({ in: where, name, argument }) => {
    const value = where === 'query' ? url.searchParams.get(name) : null;
    return value === null ? [] : [`${argument}=${written(operation, argument, value)}`];
  });
}

/** The value as the argument wants it: a number where it takes numbers. */
function written({ inputSchema }: Operation, argument: string, value: string): string {
  const type = asObject(asObject(inputSchema['properties'])?.[argument])?.['type'];
  const takesNumbers = [type].flat().some((each) => each === 'integer' || each === 'number');
  return takesNumbers && /^-?\d+(?:\.\d+)?$/.test(value) ? value : JSON.stringify(value);
}

function howToGoOn(operation: Operation): string {
  const cursor = cursorOf(operation, 'page');
  return cursor ? `call again with another ${cursor.argument}` : 'the answer does not hold everything';
}

/** The parameter that the value of a field belongs into: `next_cursor` into `cursor`, or else into any that takes a place. */
function cursorOf(operation: Operation, field: string): ParameterPlan | undefined {
  const bare = (name: string) => name.toLowerCase().replaceAll(/^.*\.|next|[^a-z]/g, '');
  const taking = operation.parameters.filter(
    ({ in: where, name }) => where === 'query' && cursorParameters.test(name),
  );
  return taking.find(({ name }) => bare(name) === bare(field)) ?? taking[0];
}
