import { hintFor } from './nearest-word.ts';

/** Says that a reference names nothing, and what it probably meant. */
export function unknownTool(reference: string, known: readonly string[]): { reason: string; hint: string } {
  const [kind = '', rest] = reference.split(':', 2);
  if (rest === undefined) {
    return { reason: `there is no tool "${reference}"`, hint: hintFor(reference, known) };
  }
  if (kind === 'agent') {
    const hint = hintFor(
      reference,
      known.filter((name) => name.startsWith('agent:')),
    );
    return { reason: `there is no agent "${rest}" to delegate to`, hint };
  }
  return { reason: `there is no tool "${reference}"`, hint: hintAboutSource(reference, { kind, known }) };
}

const sections: Readonly<Record<string, { section: string; origin: string }>> = {
  mcp: { section: 'mcp.servers', origin: 'tool servers' },
  openapi: { section: 'openapi.apis', origin: 'APIs' },
};

/** What is declared of the same kind, or where to declare it. */
function hintAboutSource(
  reference: string,
  { kind, known }: { kind: string; known: readonly string[] },
): string {
  const place = sections[kind];
  if (!place) return ` References begin with mcp:, openapi: or agent:, or are the name of a tool alone.`;
  const { section, origin } = place;
  const sources = known.filter((name) => name.startsWith(`${kind}:`) && name.endsWith('/*'));
  if (sources.length === 0)
    return ` Tools of ${origin} come from ${section} in batuta.yaml, where none is declared.`;
  const near = hintFor(
    reference,
    known.filter((name) => name.startsWith(`${kind}:`)),
  );
  return near || ` Declared under ${section} in batuta.yaml: ${sources.join(', ')}.`;
}
