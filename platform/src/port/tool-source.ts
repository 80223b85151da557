import type { BatutaError } from '@batuta/contract';
import type { ExecutableTool } from './tool.ts';

/** `ready`: its tools are known. `starting`: not yet. `failing`: it could not be reached or read; it is tried again where that can help. */
export type ToolSourceState = 'starting' | 'ready' | 'failing';

/** How a source is, for people. */
export interface ToolSourceStatus {
  state: ToolSourceState;
  /** How many tools it has given. */
  tools: number;
  /** Why it is failing, or which of its tools could not be taken over; empty when all is well. */
  problems: readonly BatutaError[];
}

/**
 * Tools that are declared in `batuta.yaml` and come from elsewhere: a tool server, an API's document. They can change at any time.
 * A source that has failed keeps the tools that it gave last: calls of them say what is wrong.
 */
export interface ToolSource {
  /** What references to its tools begin with: `mcp:tickets`, `openapi:billing`. */
  readonly name: string;
  /** Grows whenever its tools change. */
  readonly revision: number;
  /** Its tools as they are known now, the same array until `revision` grows; each `reference` is `<name>/<tool>`. */
  tools(): readonly ExecutableTool[];
  status(): ToolSourceStatus;
  /** Ends when the source is ready or has failed for the first time. */
  readonly settled: Promise<void>;
  close(): Promise<void>;
}
