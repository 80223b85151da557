import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import type { JsonObject, JsonValue } from '@batuta/contract';
import type { ParsedArguments } from '../../port/tool.ts';

const validators = new AjvJsonSchemaValidator();

/** Patterns of a server would be matched by this process against what a model wrote: some take forever. The server checks them itself. */
const unheeded = new Set(['$schema', '$id', 'pattern', 'patternProperties', 'format']);

const longestComplaint = 400;

/** Makes the check of a tool's arguments. Made at the first use; a schema that cannot be used lets every object through. */
export function makeArgumentCheck(schema: JsonObject): (value: JsonValue) => ParsedArguments {
  let check: ((value: JsonValue) => ParsedArguments) | undefined;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { ok: false, summary: 'they must be an object' };
    check ??= compile(schema);
    return check(value);
  };
}

function compile(schema: JsonObject): (value: JsonValue) => ParsedArguments {
  try {
    const validate = validators.getValidator(checkable(schema));
    return (value) => {
      const result = validate(value);
      if (result.valid) return { ok: true, value };
      return { ok: false, summary: summaryOf(result.errorMessage) };
    };
  } catch {
    return (value) => ({ ok: true, value });
  }
}

function summaryOf(complaint: string): string {
  const text = complaint.replaceAll(/\bdata(?=[/ ])/g, 'the arguments').replaceAll('the arguments/', '');
  return text.slice(0, longestComplaint);
}

function checkable(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).filter(([key]) => !unheeded.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, copied(key, value)]));
}

/** Under `properties` and the like, keys are names and not keywords. */
const namesInside = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);

function copied(key: string, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? checkable(item) : item));
  if (!isObject(value) || key === 'const' || key === 'default' || key === 'examples') return value;
  if (!namesInside.has(key)) return checkable(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isObject(inner) ? checkable(inner) : inner]),
  );
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
