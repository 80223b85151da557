import type { JsonObject } from '@batuta/contract';
import { fitSchema } from '../schema/fit-schema.ts';
import { FaultyPart } from './document-fault.ts';
import { asList, asObject, asText, plainOf, within } from './json-shape.ts';
import type { Encoding, ParameterPlace, ParameterPlan, ParameterStyle } from './operation.ts';
import { plainText } from './plain-text.ts';
import type { Part, References } from './references.ts';

/** An argument of a tool, and how it goes into a request. */
export interface ReadParameter {
  plan: ParameterPlan;
  schema: JsonObject;
  required: boolean;
}

/** Parameters of an operation, sorted by what becomes of them. */
export interface SortedParameters {
  parameters: readonly ReadParameter[];
  /** Parameters of Swagger 2 that are the body or fields of a form. */
  bodyParts: readonly Part[];
  idempotencyHeader: string | null;
}

const places: readonly string[] = ['path', 'query', 'header', 'cookie'] satisfies ParameterPlace[];
const styles = new Set<string>([
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
] satisfies ParameterStyle[]);

/** Headers that the platform writes itself. */
const ownHeaders = new Set([
  'accept',
  'content-type',
  'authorization',
  'content-length',
  'host',
  'connection',
  'transfer-encoding',
  'cookie',
]);
const idempotencyHeader = /^(?:x-)?idempotency-?(?:key|token)$/i;

/** Reads the parameters of an operation; those of its path hold where it says nothing else. Throws `FaultyPart`. */
export function readParameters(
  lists: readonly { value: unknown; place: string }[],
  references: References,
): SortedParameters {
  const found = new Map<string, Part>();
  for (const { value, place } of lists) {
    for (const [index, item] of asList(value).entries()) {
      const part = references.follow(item, within(place, index));
      found.set(`${plainOf(part.value['in'])} ${plainOf(part.value['name'])}`, part);
    }
  }
  const parts = [...found.values()];
  const headers = parts
    .filter(({ value }) => value['in'] === 'header')
    .map(({ value }) => asText(value['name']) ?? '');
  const isBody = ({ value }: Part) => value['in'] === 'body' || value['in'] === 'formData';
  return {
    parameters: parts
      .filter((part) => !isBody(part) && !isOwn(part))
      .map((part) => readOne(part, references)),
    bodyParts: parts.filter(isBody),
    idempotencyHeader: headers.find((name) => idempotencyHeader.test(name)) ?? null,
  };
}

/** A parameter for a variable of a path that nobody declares. */
export function undeclaredVariable(name: string): ReadParameter {
  return {
    plan: { argument: '', name, in: 'path', style: 'simple', explode: false, allowReserved: false },
    schema: { type: 'string' },
    required: true,
  };
}

function isOwn({ value }: Part): boolean {
  const name = asText(value['name']) ?? '';
  return value['in'] === 'header' && (ownHeaders.has(name.toLowerCase()) || idempotencyHeader.test(name));
}

function readOne({ value, place }: Part, references: References): ReadParameter {
  const name = asText(value['name']);
  const where = asText(value['in']) ?? '';
  if (name === undefined || name === '') throw new FaultyPart(place, 'the parameter has no name');
  if (!places.includes(where)) {
    throw new FaultyPart(
      within(place, 'in'),
      `must be ${places.join(', ')}, body or formData, not "${where}"`,
    );
  }
  const written = parameterSchema({ value, place });
  const schema = fitSchema(written.schema, written.place, references);
  const told = asText(value['description']);
  const description = told === undefined ? {} : { description: plainText(told, 240) };
  return {
    plan: {
      argument: '',
      name,
      in: where as ParameterPlace,
      ...(written.isJson ? jsonStyle : encodingOf(value, where as ParameterPlace)),
    },
    schema: { ...schema, ...(description.description === '' ? {} : description) },
    required: value['required'] === true || where === 'path',
  };
}

const jsonStyle: Encoding = { style: 'json', explode: false, allowReserved: false };

/** 3.x: `schema`, or `content` with one media type; Swagger 2: the parameter itself. */
function parameterSchema({ value, place }: Part): { schema: unknown; place: string; isJson: boolean } {
  if (value['schema'] !== undefined) {
    return { schema: value['schema'], place: within(place, 'schema'), isJson: false };
  }
  const [media] = Object.entries(asObject(value['content']) ?? {});
  if (media) {
    const [type, content] = media;
    const schema = asObject(content)?.['schema'] ?? {};
    return { schema, place: within(place, 'content', type, 'schema'), isJson: type.includes('json') };
  }
  const { description: _, required: __, ...schema } = value;
  return { schema, place, isJson: false };
}

function encodingOf(value: JsonObject, where: ParameterPlace): Encoding {
  const allowReserved = value['allowReserved'] === true;
  const collection = collectionFormat(asText(value['collectionFormat']), where);
  if (collection) return { ...collection, allowReserved };
  const told = asText(value['style']);
  const isKnown = told !== undefined && styles.has(told);
  const style = isKnown ? (told as ParameterStyle) : defaultStyle(where);
  const isSwagger = value['schema'] === undefined;
  const explode = typeof value['explode'] === 'boolean' ? value['explode'] : style === 'form' && !isSwagger;
  return { style, explode, allowReserved };
}

function defaultStyle(where: ParameterPlace): ParameterStyle {
  return where === 'query' || where === 'cookie' ? 'form' : 'simple';
}

/** How Swagger 2 says it. */
export function collectionFormat(
  told: string | undefined,
  where: ParameterPlace,
): Pick<Encoding, 'style' | 'explode'> | undefined {
  const plain = defaultStyle(where);
  const known: Readonly<Record<string, Pick<Encoding, 'style' | 'explode'>>> = {
    csv: { style: plain, explode: false },
    ssv: { style: 'spaceDelimited', explode: false },
    tsv: { style: 'tabDelimited', explode: false },
    pipes: { style: 'pipeDelimited', explode: false },
    multi: { style: 'form', explode: true },
  };
  return told !== undefined && Object.hasOwn(known, told) ? known[told] : undefined;
}
