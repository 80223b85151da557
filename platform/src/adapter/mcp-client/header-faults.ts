import type { JsonObject, JsonValue } from '@batuta/contract';

/** Characters of the name of a header. */
const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;

const simpleTypes: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/**
 * What is wrong with the arguments that a tool wants mirrored in headers (`x-mcp-header`): such a tool must not be called, because a proxy and the
 * server could read two different things. Undefined: nothing.
 */
export function headerFault(schema: JsonObject): string | undefined {
  const seen = new Set<string>();
  for (const [name, property] of Object.entries(objectOf(schema['properties']))) {
    const { 'x-mcp-header': header, type } = objectOf(property);
    if (header === undefined) continue;
    if (typeof header !== 'string' || !token.test(header))
      return `the header of its argument "${name}" is no name`;
    if (!simpleTypes.has(type)) return `its argument "${name}" cannot be a header`;
    if (seen.has(header.toLowerCase())) return `two of its arguments want the header ${header}`;
    seen.add(header.toLowerCase());
  }
  return undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
