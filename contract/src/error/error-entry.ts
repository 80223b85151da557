import { z } from 'zod';

/** One entry of the error catalogue. */
export interface ErrorEntry {
  /** HTTP status when it reaches the API. */
  status: number;
  /** Short name for people, the same for every occurrence. */
  title: string;
  /** Message with `{placeholders}` filled from `data`. */
  message: string;
  /** What `data` carries. */
  data: z.ZodObject;
}

/** The data of an error whose message says everything. */
export const noData = z.strictObject({});

/** The data of an error about one thing: its id. */
export const idData = z.strictObject({ id: z.string() });

/** Makes an entry: status, title, message, data. */
export function entry<D extends z.ZodObject>(status: number, title: string, message: string, data: D) {
  return { status, title, message, data };
}
