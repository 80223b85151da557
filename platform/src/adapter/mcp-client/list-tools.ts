import { BatutaError } from '@batuta/contract';
import type { Client, Tool } from '@modelcontextprotocol/client';
import type { ServerLimits } from './server-options.ts';

const mostPages = 64;

/** Bytes of all tools of a server, as they came. */
const mostBytes = 5_000_000;

/** The tools of a server, and whether there are more of them than are taken over. */
export interface ListedTools {
  tools: Tool[];
  isCut: boolean;
}

/** Asks a server for its tools, page by page. A list that never ends or is larger than allowed is cut. */
export async function listTools(client: Client, limits: ServerLimits): Promise<ListedTools> {
  if (client.getServerCapabilities()?.tools === undefined) return { tools: [], isCut: false };
  const signal = AbortSignal.timeout(limits.startMs);
  const tools: Tool[] = [];
  let cursor: string | undefined;
  let bytes = 0;
  for (let page = 0; page < mostPages; page += 1) {
    // Not the library's own listing: it reads all pages before anybody can say that it is enough.
    const request = { method: 'tools/list' as const, params: cursor === undefined ? {} : { cursor } };
    const answer = await client.request(request, { signal, timeout: limits.startMs });
    for (const tool of answer.tools) {
      bytes += JSON.stringify(tool).length;
      if (tools.length === limits.tools || bytes > mostBytes) return { tools, isCut: true };
      tools.push(tool);
    }
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) return { tools, isCut: false };
    cursor = answer.nextCursor;
  }
  return { tools, isCut: true };
}

/** What is said of a list that was cut. */
export function cutProblem(server: string, taken: number): BatutaError {
  const reason = `it lists more tools than are taken over; the first ${taken} are there`;
  return new BatutaError('tool-server-problem', { server, reason });
}
