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
  const origin = kind === 'mcp' ? 'MCP servers' : 'OpenAPI documents';
  return {
    reason: `there is no tool "${reference}"`,
    hint: ` Tools of ${origin} arrive by configuring their servers in batuta.yaml; none is configured.`,
  };
}
