import type { JsonValue, TaintLabel } from '@batuta/contract';
import type { ArtifactInfo } from '../../port/artifact.ts';
import type { Tool } from '../../port/tool.ts';
import type { NewTaint } from './context-taint.ts';
import { canonicalAddress } from './typed-addresses.ts';

/** The labels that the result of an executed call brings into the context. */
export function taintOfCall(call: { callId: string; tool: Tool; input: JsonValue }): NewTaint[] {
  const { annotations, name } = call.tool;
  const origin = hostIn(call.input);
  const from = { source: 'tool', callId: call.callId, tool: name, ...(origin ? { origin } : {}) } as const;
  return [
    ...(annotations.openWorld || annotations.untrusted ? [{ label: 'untrusted', ...from } as const] : []),
    ...(annotations.privateData ? [{ label: 'private', ...from } as const] : []),
  ];
}

/**
 * The labels that reading a stored file brings. What the same session has stored was labelled when it came in; what another one has
 * stored is somebody else's, besides what was known of it. Of files from before there were labels nothing is known.
 */
export function taintOfArtifact(
  artifact: Pick<ArtifactInfo, 'sessionId' | 'labels' | 'name'>,
  reader: { sessionId: string; callId: string; tool: string },
): NewTaint[] {
  if (artifact.sessionId === reader.sessionId) return [];
  const labels = new Set<TaintLabel>(['untrusted', ...(artifact.labels ?? ['private'])]);
  const { callId, tool } = reader;
  return [...labels].map((label) => ({ label, source: 'artifact', callId, tool, origin: artifact.name }));
}

/** The host of the first address among the arguments. */
function hostIn(input: JsonValue): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const address = Object.values(input).flatMap((value) =>
    typeof value === 'string' ? (canonicalAddress(value) ?? []) : [],
  )[0];
  return address === undefined ? undefined : URL.parse(address)?.host;
}
