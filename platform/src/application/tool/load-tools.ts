import { BatutaError } from '@batuta/contract';
import { askUserTool, waitUntilTool } from '../../domain/tool/control-tools.ts';
import { findApiTool } from '../../domain/tool/find-tools.ts';
import { makeExecutableTool } from '../../domain/tool/executable-tool.ts';
import type { ToolDefinition } from '../../port/tool-definition.ts';
import type { FoundTool, ToolModules } from '../../port/tool-modules.ts';
import type { Tool } from '../../port/tool.ts';

export interface LoadTools {
  /** Tools of the platform that the composition root has made. */
  builtin: readonly ToolDefinition[];
  modules: ToolModules;
  /** Seconds for a call, where its tool says nothing else. */
  timeoutSeconds: number;
}

/** Names that begin so belong to delegate tools. */
const reservedPrefix = 'agent_';

/** All tools: those of the platform and those of the project. A file with a problem does not hide the others. */
export async function loadTools({ builtin, modules, timeoutSeconds }: LoadTools): Promise<{
  tools: Tool[];
  problems: BatutaError[];
}> {
  const own: Tool[] = [
    askUserTool,
    waitUntilTool,
    findApiTool,
    ...builtin.map((definition) => makeExecutableTool(definition, timeoutSeconds)),
  ];
  const found = await modules.load();
  const files = new Map(own.map(({ name }) => [name, 'the platform']));
  const tools = [...own];
  const problems = [...found.problems];
  for (const entry of found.tools) {
    const made = makeProjectTool(entry, { files, timeoutSeconds });
    if (BatutaError.is(made)) problems.push(made);
    else {
      files.set(made.name, entry.file);
      tools.push(made);
    }
  }
  return { tools, problems };
}

function makeProjectTool(
  { file, definition }: FoundTool,
  { files, timeoutSeconds }: { files: ReadonlyMap<string, string>; timeoutSeconds: number },
): Tool | BatutaError<'tool-file-invalid'> {
  const refuse = (reason: string, hint = ''): BatutaError<'tool-file-invalid'> =>
    new BatutaError('tool-file-invalid', { file, reason, hint });
  try {
    const tool = makeExecutableTool(definition, timeoutSeconds);
    const taken = files.get(tool.name);
    if (taken !== undefined)
      return refuse(`there is already a tool "${tool.name}" in ${taken}`, ' Give it another name.');
    if (!tool.name.startsWith(reservedPrefix)) return tool;
    return refuse(
      `the name "${tool.name}" is taken: names that begin with agent_ are for agents`,
      ' Give it another name.',
    );
  } catch (error) {
    if (!BatutaError.has(error, 'tool-definition-invalid')) throw error;
    return refuse(`the tool "${error.data.tool}" cannot be used: ${error.data.reason}`);
  }
}
