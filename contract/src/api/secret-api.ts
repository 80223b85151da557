import { z } from 'zod';
import { secretNameSchema } from '../secret.ts';

/** What can be known of a secret: never its value. */
export const secretInfoSchema = z.strictObject({
  name: secretNameSchema,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  /** Name of the user or key that set it last. */
  updated_by: z.string(),
});
/** A secret as lists show it. */
export type SecretInfo = z.infer<typeof secretInfoSchema>;

/** One page of secrets, by name. */
export const secretPageSchema = z.strictObject({
  items: z.array(secretInfoSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of secrets. */
export type SecretPage = z.infer<typeof secretPageSchema>;

/** Body of `PUT /v1/secrets/{name}`. Shorter values could not be told from words where secrets are taken out of texts. */
export const setSecretSchema = z.strictObject({ value: z.string().min(8).max(16_384) });
/** The value of a secret that is set. */
export type SetSecret = z.infer<typeof setSecretSchema>;

/** What a rotation of the key of secrets did. */
export const keyRotationSchema = z.strictObject({
  /** Id of the key that all secrets are encrypted with now. */
  key_id: z.string(),
  /** Whether a new key was made; false where the configuration gives the keys, or an unfinished rotation was finished. */
  made: z.boolean(),
  /** Secrets, and what webhooks sign with, that were encrypted anew. */
  secrets: z.int().nonnegative(),
  /** Ids of keys that nothing is encrypted with any more. */
  unused_key_ids: z.array(z.string()),
});
/** The result of a rotation. */
export type KeyRotation = z.infer<typeof keyRotationSchema>;
