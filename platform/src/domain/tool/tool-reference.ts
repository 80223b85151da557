/** Whether a reference of an agent file (`name`, `agent:<name>`, `mcp:<server>/*` ...) covers a tool's full name. `*` at the end covers all that begin so, within one kind. */
export function matchesReference(reference: string, name: string): boolean {
  if (!reference.endsWith('*')) return reference === name;
  return name.startsWith(reference.slice(0, -1)) && kindOf(reference) === kindOf(name);
}

/** `agent`, `mcp`, `openapi`, or empty for a tool of the platform or the project. */
export function kindOf(reference: string): string {
  const colon = reference.indexOf(':');
  return colon < 0 ? '' : reference.slice(0, colon);
}

/** The source that a reference leads into: `mcp:tickets` of `mcp:tickets/*`; the whole reference where there is none. */
export function sourceOf(reference: string): string {
  const slash = reference.indexOf('/');
  return slash < 0 ? reference : reference.slice(0, slash);
}
