import type { Run } from '@batuta/contract';
import type { McpCall } from '../mcp-caller.ts';

const pageLength = 200;

/** Whether the one call of a run of an agent for single calls failed, or was not made at all. */
export async function didCallFail(
  { application, identity }: McpCall,
  { id, session_id: session }: Run,
): Promise<boolean> {
  let after: number | null = 0;
  while (after !== null) {
    const page = await application.sessions.log(identity, session, { after, limit: pageLength });
    const settled = page.items.find((event) => event.kind === 'tool-call-settled' && event.run_id === id);
    if (settled?.kind === 'tool-call-settled') return settled.data.outcome !== 'succeeded';
    after = page.next_after;
  }
  return true;
}
