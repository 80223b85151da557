import type { JsonValue } from '@batuta/contract';
import type { ArgumentResolver, ResolvedPath } from '../../port/argument-resolver.ts';
import type { HostAddress, Tool } from '../../port/tool.ts';
import { nothingResolved, type ResolvedArguments } from './call-facts.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { ResolutionNeed } from './compile-rule.ts';
import { writtenHost } from './match-host.ts';
import { isPlainPath, pathKey } from './match-path.ts';
import { readArgument } from './read-argument.ts';

/** Values of one call that are looked up at most; the others stay unclear, which binds rules that restrict. */
const mostLookups = 64;

/** Finds out what the rules need to know of a call; undefined, without waiting, where that is nothing. */
export function resolveArguments(
  policy: CompiledPolicy,
  call: { tool: Tool; input: JsonValue; hostsLater?: boolean },
  resolver: ArgumentResolver,
): Promise<ResolvedArguments> | undefined {
  const { needs } = policy.of(call.tool);
  return needs.length === 0 ? undefined : resolve(needs, call, resolver);
}

async function resolve(
  needs: readonly ResolutionNeed[],
  { tool, input, hostsLater = false }: { tool: Tool; input: JsonValue; hostsLater?: boolean },
  resolver: ArgumentResolver,
): Promise<ResolvedArguments> {
  const now = needs.filter(({ kind }) => kind === 'path' || !hostsLater);
  const wanted = now.flatMap(({ kind, steps, root }) =>
    textsAt(steps, { input, schema: tool.inputSchema }).map((text) => ({ kind, root, text })),
  );
  if (wanted.length === 0) return { ...nothingResolved, hostsLater };
  const [paths, hosts] = [
    new Map<string, ResolvedPath | null>(),
    new Map<string, readonly HostAddress[] | null>(),
  ];
  await Promise.all(
    wanted.slice(0, mostLookups).map(async ({ kind, root, text }) => {
      if (kind === 'path') {
        if (isPlainPath(text)) paths.set(pathKey(text, root), await resolver.resolvePath(text, root));
        return;
      }
      const host = writtenHost(text);
      if (host) hosts.set(host.name, await resolver.resolveHost(host.name));
    }),
  );
  return { paths, hosts, hostsLater };
}

function textsAt(steps: readonly string[], place: Parameters<typeof readArgument>[1]): string[] {
  const found = readArgument(steps, place);
  if (found.kind !== 'found') return [];
  return found.values.flat(4).filter((value) => typeof value === 'string');
}
