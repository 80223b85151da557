import { z } from 'zod';

/** What a context may hold: `untrusted` was written by others and may hold instructions; `private` must not leave unseen. */
export const taintLabels = ['untrusted', 'private'] as const;
/** Accepts a label of a context. */
export const taintLabelSchema = z.enum(taintLabels);
/** A label of a context. */
export type TaintLabel = z.infer<typeof taintLabelSchema>;

/** What kind of thing brought a label: a tool's result, a file of the input, an artifact, the run that delegated, or one delegated to. */
export const taintSources = ['tool', 'file', 'artifact', 'parent', 'child'] as const;
/** Accepts what brought a label. */
export const taintSourceSchema = z.enum(taintSources);
/** What kind of thing brought a label. */
export type TaintSource = z.infer<typeof taintSourceSchema>;
