import type { Tool } from './tool.ts';

/** Finds tools by what they are for. */
export interface ToolSearch {
  /** Those that fit a task best, best first; none where no word fits. What is made ready for a list is kept as long as the list. */
  find(tools: readonly Tool[], task: string, limit: number): Tool[];
}
