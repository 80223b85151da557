import { jsonObjectSchema, type JsonObject, type JsonValue } from '@batuta/contract';

/** An answer as its asker needs it, or what is wrong with it in words for the person. */
export type ReadAnswer = { ok: true; content: JsonObject } | { ok: false; summary: string };

/**
 * Reads what a person typed as the object that a question asks for. JSON counts as it is; a plain text is the value of the one field of a form
 * that has one (or needs one). Without a schema it is `{ answer }`.
 */
export function readAnswer(text: string, schema: JsonObject | undefined): ReadAnswer {
  if (schema === undefined) return { ok: true, content: { answer: text } };
  const fields = fieldsOf(schema);
  const given = objectOf(text);
  if (given) return checked(given, fields);
  const required = fields.filter(({ isRequired }) => isRequired);
  const only = fields.length === 1 ? fields[0] : required.length === 1 ? required[0] : undefined;
  if (only) return checked({ [only.name]: valueOf(text.trim(), only.type) }, fields);
  if (fields.length === 0) return { ok: true, content: {} };
  return { ok: false, summary: `Please answer as JSON: ${exampleOf(fields)}` };
}

interface Field {
  name: string;
  type: string;
  options: readonly JsonValue[] | null;
  isRequired: boolean;
}

function fieldsOf(schema: JsonObject): Field[] {
  const { properties, required } = schema;
  const needed = Array.isArray(required) ? required : [];
  if (!isObject(properties)) return [];
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: isObject(field) && typeof field['type'] === 'string' ? field['type'] : 'string',
    options: isObject(field) && Array.isArray(field['enum']) ? field['enum'] : null,
    isRequired: needed.includes(name),
  }));
}

function checked(given: JsonObject, fields: readonly Field[]): ReadAnswer {
  for (const field of fields) {
    const value = given[field.name];
    if (value === undefined && !field.isRequired) continue;
    if (value === undefined)
      return {
        ok: false,
        summary: `The field "${field.name}" is missing. Please answer as JSON: ${exampleOf(fields)}`,
      };
    if (!fits(value, field))
      return { ok: false, summary: `The field "${field.name}" must be ${wanted(field)}.` };
  }
  return { ok: true, content: given };
}

function fits(value: JsonValue, { type, options }: Field): boolean {
  if (options) return options.includes(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === type;
}

function wanted({ type, options }: Field): string {
  return options ? `one of ${options.map((each) => JSON.stringify(each)).join(', ')}` : `of the type ${type}`;
}

function valueOf(text: string, type: string): JsonValue {
  if (type === 'number' || type === 'integer')
    return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (type !== 'boolean') return text;
  if (/^(?:true|yes|y|sí|si|s|sim|1)$/i.test(text)) return true;
  return /^(?:false|no|n|não|nao|0)$/i.test(text) ? false : text;
}

function exampleOf(fields: readonly Field[]): string {
  return `{ ${fields.map(({ name, type }) => `"${name}": <${type}>`).join(', ')} }`;
}

function objectOf(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return jsonObjectSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
