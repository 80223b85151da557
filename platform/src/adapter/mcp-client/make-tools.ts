import { BatutaError, jsonObjectSchema } from '@batuta/contract';
import type { Tool } from '@modelcontextprotocol/client';
import type { ConsentService } from '../../port/consent-service.ts';
import type { ExecutableTool } from '../../port/tool.ts';
import { makeArgumentCheck } from './check-schema.ts';
import { cleanText } from './clean-text.ts';
import { headerFault } from './header-faults.ts';
import type { ToolServerOptions } from './server-options.ts';
import { factsOf } from './tool-facts.ts';
import { trimSchema } from './trim-schema.ts';

const longestDescription = 1_200;

/** Names as the protocol wants them, and those that are seen besides. */
const usableName = /^[\w.:/-]{1,128}$/;

export interface MakeTools {
  server: ToolServerOptions;
  nameOf: (server: string, tool: string) => string;
  consents: ConsentService | undefined;
  execute: (tool: Tool, timeoutMs: number) => ExecutableTool['execute'];
}

/** Tools of a server as the platform knows them; those that cannot be used are problems and do not hide the others. */
export function makeTools(
  listed: readonly Tool[],
  made: MakeTools,
): { tools: ExecutableTool[]; problems: BatutaError[] } {
  const tools = new Map<string, ExecutableTool>();
  const problems: BatutaError[] = [];
  for (const tool of listed) {
    const result = tools.has(tool.name) ? 'it is listed twice' : makeTool(tool, made);
    if (typeof result !== 'string') tools.set(tool.name, result);
    else {
      const reason = `its tool "${cleanText(tool.name, 100)}" cannot be used: ${result}`;
      problems.push(new BatutaError('tool-server-problem', { server: made.server.name, reason }));
    }
  }
  return { tools: [...tools.values()], problems };
}

function makeTool(tool: Tool, { server, nameOf, consents, execute }: MakeTools): ExecutableTool | string {
  if (!usableName.test(tool.name)) return 'its name has characters that names may not have';
  const trimmed = trimSchema(tool.inputSchema);
  if (!trimmed.ok) return trimmed.reason;
  const schema = jsonObjectSchema.parse(tool.inputSchema);
  const fault = headerFault(schema);
  if (fault !== undefined) return fault;
  const { annotations, undeclared, timeoutMs } = factsOf(tool, server);
  return {
    kind: 'execute',
    name: nameOf(server.name, tool.name),
    reference: `mcp:${server.name}/${tool.name}`,
    description: describe(tool, server),
    inputSchema: trimmed.schema,
    annotations,
    ...(undeclared ? { undeclared } : {}),
    timeoutMs,
    parse: makeArgumentCheck(schema),
    execute: execute(tool, timeoutMs),
    ...(consents ? { authorization: async (who) => await consents.needed(who) } : {}),
  };
}

function describe(
  { name, title, description }: Tool,
  { name: server, untrusted }: ToolServerOptions,
): string {
  const said = cleanText(description ?? title ?? '', longestDescription);
  if (said === '') return `Tool "${name}" of ${server}, which does not describe it.`;
  return untrusted ? `[${server} says, and nobody has checked it:] ${said}` : said;
}
