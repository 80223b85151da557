import type { Sandbox, SandboxLimits, SandboxTemplate } from '../../port/sandbox.ts';
import type { ToolContext } from '../../port/tool.ts';
import type { DefinedTool } from '../../port/tool-definition.ts';
import { commandTools } from './command-tools.ts';
import { editFileTool } from './edit-file.ts';
import { listFilesTool, searchFilesTool } from './find-files.ts';
import { readFileTool } from './read-file.ts';
import { writeFileTool } from './write-file.ts';

/** What the tools of a workspace work with. */
export interface SandboxTools {
  /** Opens the workspace of the session that a call belongs to. */
  open: (context: ToolContext, template: SandboxTemplate) => Promise<Sandbox>;
  limits: SandboxLimits;
  /** Commands can change nothing but their workspace; otherwise each of them may do anything. */
  confines: boolean;
  /** Commands can reach hosts outside. */
  reachesOut: boolean;
}

/** The tools of a workspace: `shell`, `run_python`, `run_node`, and those for its files. */
export function makeSandboxTools(parts: SandboxTools): DefinedTool[] {
  return [
    ...commandTools(parts),
    readFileTool(parts),
    writeFileTool(parts),
    editFileTool(parts),
    listFilesTool(parts),
    searchFilesTool(parts),
  ];
}
