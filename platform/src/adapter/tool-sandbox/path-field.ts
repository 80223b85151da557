import { z } from 'zod';

/** A path of the workspace as an argument. */
export const pathField = z
  .string()
  .min(1)
  .max(4096)
  .describe('Path relative to the workspace, such as notes/plan.md.');
