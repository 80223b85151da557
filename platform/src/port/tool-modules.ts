import type { BatutaError } from '@batuta/contract';
import type { ToolDefinition } from './tool-definition.ts';

/** A tool found in a file of the project folder. */
export interface FoundTool {
  /** The file, relative to the project folder. */
  file: string;
  definition: ToolDefinition;
}

/** The TypeScript tools of the project folder. */
export interface ToolModules {
  /** Loads all files under `tools/` anew. Contract: never rejects; a file that cannot be used is a problem, not a hole. */
  load(): Promise<{ tools: FoundTool[]; problems: BatutaError[] }>;
}
