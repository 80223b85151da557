import { z } from 'zod';
import { artifactIdSchema } from './id.ts';

/** Plain text, in a message of a person or a model. */
export const textPartSchema = z.strictObject({ type: z.literal('text'), text: z.string().max(1_000_000) });

/** A file of a message, kept as an artifact. */
export const filePartSchema = z.strictObject({
  type: z.literal('file'),
  artifact_id: artifactIdSchema,
  media_type: z.string().max(128),
  name: z.string().max(255).optional(),
});

/** A file as a client sends it: its bytes in base64. It becomes an artifact when the run is accepted. */
export const inlineFilePartSchema = z.strictObject({
  type: z.literal('file'),
  media_type: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as image/png'),
  data: z.base64(),
  name: z.string().max(255).optional(),
});

/** What a model thought before it answered. `signature` is what the provider wants back unchanged. */
export const reasoningPartSchema = z.strictObject({
  type: z.literal('reasoning'),
  text: z.string(),
  provider_data: z.json().optional(),
});

/**
 * A tool call that a model asked for. `arguments` is the text exactly as the model wrote it: it may be malformed,
 * and is parsed (and mended or refused) when the call is prepared.
 */
export const toolCallPartSchema = z.strictObject({
  type: z.literal('tool-call'),
  call_id: z.string().min(1).max(128),
  tool: z.string().min(1).max(128),
  arguments: z.string(),
  provider_data: z.json().optional(),
});

/** A part of a stored user message. */
export const userPartSchema = z.discriminatedUnion('type', [textPartSchema, filePartSchema]);
/** A part of a stored model message. */
export const assistantPartSchema = z.discriminatedUnion('type', [
  textPartSchema,
  reasoningPartSchema,
  toolCallPartSchema,
]);

/** A run's input as a client sends it: a text, or parts. */
export const inputSchema = z.union([
  z.string().min(1).max(1_000_000),
  z
    .array(z.discriminatedUnion('type', [textPartSchema, inlineFilePartSchema]))
    .min(1)
    .max(64),
]);

/** A piece of text. */
export type TextPart = z.infer<typeof textPartSchema>;
/** A stored file. */
export type FilePart = z.infer<typeof filePartSchema>;
/** A file that comes with the input. */
export type InlineFilePart = z.infer<typeof inlineFilePartSchema>;
/** What a model thought before it answered. */
export type ReasoningPart = z.infer<typeof reasoningPartSchema>;
/** A tool call that a model asks for. */
export type ToolCallPart = z.infer<typeof toolCallPartSchema>;
/** One part of what a user says. */
export type UserPart = z.infer<typeof userPartSchema>;
/** One part of what a model says. */
export type AssistantPart = z.infer<typeof assistantPartSchema>;
/** What a run is given: a text, or parts. */
export type RunInput = z.infer<typeof inputSchema>;
