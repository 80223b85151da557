import type { JsonObject } from '@batuta/contract';
import { fitSchema } from '../schema/fit-schema.ts';
import { asList, asObject, asText, plainOf, within } from './json-shape.ts';
import type { BodyPlan, FieldPlan, ParameterStyle } from './operation.ts';
import { collectionFormat } from './read-parameters.ts';
import { plainText } from './plain-text.ts';
import type { Part, References } from './references.ts';

/** The body of an operation as an argument of its tool. */
export interface ReadBody {
  plan: BodyPlan;
  schema: JsonObject;
  required: boolean;
}

const fileArgument = 'Id of an artifact (art_...), whose content is sent.';

/** The body of an operation in 3.x. Null: it has none. Throws `FaultyPart`. */
export function readRequestBody(value: unknown, place: string, references: References): ReadBody | null {
  if (value === undefined || value === null) return null;
  const body = references.follow(value, place);
  const chosen = chooseMedia(Object.keys(asObject(body.value['content']) ?? {}));
  if (chosen === undefined) return null;
  const at = within(body.place, 'content', chosen);
  const media = asObject(asObject(body.value['content'])?.[chosen]) ?? {};
  const schema = { value: media['schema'] ?? {}, place: within(at, 'schema') };
  const encoding = asObject(media['encoding']) ?? {};
  const required = body.value['required'] === true;
  const description = asText(body.value['description']);
  return makeBody({ mediaType: chosen, schema, encoding, required, description }, references);
}

/** The body of an operation in Swagger 2: one parameter, or the fields of a form. */
export function readBodyParameters(
  parts: readonly Part[],
  consumes: readonly string[],
  references: References,
): ReadBody | null {
  const body = parts.find(({ value }) => value['in'] === 'body');
  if (body) {
    const mediaType = chooseMedia(consumes) ?? 'application/json';
    const schema = { value: body.value['schema'] ?? {}, place: within(body.place, 'schema') };
    const required = body.value['required'] === true;
    const description = asText(body.value['description']);
    return makeBody({ mediaType, schema, encoding: {}, required, description }, references);
  }
  return parts.length === 0 ? null : readForm(parts, consumes, references);
}

function readForm(parts: readonly Part[], consumes: readonly string[], references: References): ReadBody {
  const hasFile = parts.some(({ value }) => value['type'] === 'file');
  const isMultipart = hasFile || consumes.some((type) => type.startsWith('multipart/'));
  const required = parts.filter(({ value }) => value['required'] === true).map(nameOf);
  const properties = Object.fromEntries(parts.map((part) => [nameOf(part), fieldSchema(part)]));
  const schema = { value: { type: 'object', properties, required }, place: parts[0]?.place ?? '' };
  const mediaType = isMultipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  const lists = parts.filter(({ value }) => value['type'] === 'array');
  const encoding = Object.fromEntries(lists.map((part) => [nameOf(part), listEncoding(part)]));
  return makeBody(
    { mediaType, schema, encoding, required: required.length > 0, description: undefined },
    references,
  );
}

function nameOf({ value }: Part): string {
  return plainOf(value['name']);
}

/** A parameter of a form as a property; its `required` is no list. */
function fieldSchema({ value }: Part): JsonObject {
  const schema = Object.fromEntries(Object.entries(value).filter(([keyword]) => keyword !== 'required'));
  return schema['type'] === 'file' ? { ...schema, type: 'string', format: 'binary' } : schema;
}

function listEncoding({ value }: Part): JsonObject {
  return { ...collectionFormat(asText(value['collectionFormat']) ?? 'csv', 'query') };
}

/** JSON where the API takes it, then forms, then anything else. */
function chooseMedia(types: readonly string[]): string | undefined {
  const order: readonly BodyPlan['kind'][] = ['json', 'form', 'multipart', 'text', 'file'];
  return types.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)))[0];
}

function kindOf(mediaType: string): BodyPlan['kind'] {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type) || type === '*/*' || type.startsWith('application/json-')) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type.startsWith('multipart/')) return 'multipart';
  const isText = type.startsWith('text/') || /[/+](?:xml|yaml|x-ndjson|graphql|javascript)$/.test(type);
  return isText ? 'text' : 'file';
}

interface Media {
  mediaType: string;
  schema: { value: unknown; place: string };
  encoding: JsonObject;
  required: boolean;
  description: string | undefined;
}

function makeBody(media: Media, references: References): ReadBody {
  const kind = kindOf(media.mediaType);
  const mediaType = media.mediaType === '*/*' ? 'application/json' : media.mediaType;
  const description = media.description === undefined ? '' : plainText(media.description, 240);
  const told = (text: string) => ({
    description: [text, description].filter((part) => part !== '').join(' '),
  });
  const plan: BodyPlan = { kind, mediaType, fields: {} };
  const { required } = media;
  if (kind === 'file') return { plan, schema: { type: 'string', ...told(fileArgument) }, required };
  if (kind === 'text')
    return { plan, schema: { type: 'string', ...told(`A text of type ${mediaType}.`) }, required };
  const schema = fitSchema(media.schema.value, media.schema.place, references);
  const whole =
    schema['description'] === undefined && description !== '' ? { ...schema, description } : schema;
  if (kind === 'json') return { plan, schema: whole, required };
  const fields = readFields(media, schema, references);
  return { plan: { ...plan, fields }, schema: withFiles(whole, fields), required };
}

/** How each field of a form is written. */
function readFields(media: Media, built: JsonObject, references: References): Record<string, FieldPlan> {
  const written = propertiesOf(media.schema, references);
  const fields: Record<string, FieldPlan> = {};
  for (const name of Object.keys(asObject(built['properties']) ?? {})) {
    const encoding = asObject(media.encoding[name]) ?? {};
    const isFile = isBinary(written.get(name), references);
    const mediaType = asText(encoding['contentType'])?.split(',')[0]?.trim() ?? null;
    fields[name] = { isFile, mediaType, ...fieldStyle(encoding, mediaType) };
  }
  return fields;
}

function fieldStyle(
  encoding: JsonObject,
  mediaType: string | null,
): Pick<FieldPlan, 'style' | 'explode' | 'allowReserved'> {
  const told = asText(encoding['style']) as ParameterStyle | undefined;
  const allowReserved = encoding['allowReserved'] === true;
  const isSaid = told !== undefined || encoding['explode'] !== undefined;
  if (!isSaid && mediaType !== null && /[/+]json$/.test(mediaType)) {
    return { style: 'json', explode: false, allowReserved };
  }
  const style = told ?? 'form';
  const explode = typeof encoding['explode'] === 'boolean' ? encoding['explode'] : style === 'form';
  return { style, explode, allowReserved };
}

const deepestInheritance = 8;

/** Properties as they are written, also those that `allOf` brings. */
function propertiesOf(
  part: { value: unknown; place: string },
  references: References,
  depth = 0,
): Map<string, unknown> {
  if (depth > deepestInheritance || !asObject(part.value)) return new Map();
  const { value, place } = references.follow(part.value, part.place);
  const inherited = asList(value['allOf']).flatMap((base, index) => [
    ...propertiesOf({ value: base, place: within(place, 'allOf', index) }, references, depth + 1),
  ]);
  return new Map([...inherited, ...Object.entries(asObject(value['properties']) ?? {})]);
}

function isBinary(schema: unknown, references: References): boolean {
  if (!asObject(schema)) return false;
  const { value } = references.follow(schema, '');
  if (value['items'] !== undefined) return isBinary(value['items'], references);
  if (value['format'] === 'binary') return true;
  const media = asText(value['contentMediaType']);
  return media !== undefined && value['contentEncoding'] === undefined && !/^text\/|json/.test(media);
}

/** Files are named by the artifacts that hold them. */
function withFiles(schema: JsonObject, fields: Readonly<Record<string, FieldPlan>>): JsonObject {
  const properties = { ...asObject(schema['properties']) };
  for (const [name, { isFile }] of Object.entries(fields)) {
    if (!isFile) continue;
    const told = asObject(properties[name]);
    const text = [fileArgument, asText(told?.['description']) ?? ''].join(' ').trim();
    const file: JsonObject = { type: 'string', description: text };
    const isList = told?.['type'] === 'array';
    properties[name] = isList ? { type: 'array', description: text, items: { type: 'string' } } : file;
  }
  return { ...schema, properties };
}
