import { z } from 'zod';

/** Name of a secret. */
export const secretNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.-]{0,62}$/,
    'must be lower-case letters, digits, ".", "_" and "-", and start with a letter or digit',
  );

/** How files name a secret instead of holding its value: `secret://name`. */
export const secretReferenceSchema = z
  .string()
  .regex(/^secret:\/\/[a-z0-9][a-z0-9_.-]{0,62}$/, 'must be secret://<name of a secret>');

/** The place that the signing secret of a webhook is encrypted for. No secret of a tenant can have such a name. */
export function webhookSecretName(webhookId: string): string {
  return `webhook:${webhookId}`;
}

/** The name in a reference to a secret; undefined for any other text. */
export function secretNameOf(reference: string): string | undefined {
  return secretReferenceSchema.safeParse(reference).success ? reference.slice('secret://'.length) : undefined;
}
