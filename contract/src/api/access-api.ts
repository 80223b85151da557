import { z } from 'zod';
import { keyIdSchema, tenantIdSchema, userIdSchema } from '../id.ts';
import { roleSchema } from '../role.ts';

const nameSchema = z.string().trim().min(1).max(200);
const scopeNameSchema = z
  .string()
  .regex(/^(?:\*|[a-z]+:(?:read|write))$/, 'must be a scope such as runs:read, or *');

/** Answer of `GET /v1/me`: who the platform takes the asker for. */
export const meSchema = z.strictObject({
  tenant_id: tenantIdSchema,
  user_id: userIdSchema.nullable(),
  key_id: z.string().nullable(),
  name: z.string(),
  role: roleSchema,
  scopes: z.array(z.string()),
});
/** Who the platform takes the asker for. */
export type Me = z.infer<typeof meSchema>;

/** An API key as the API shows it: never the key itself. */
export const apiKeySchema = z.strictObject({
  id: keyIdSchema,
  name: z.string(),
  /** The last characters of the key, by which its holder knows it. */
  hint: z.string(),
  role: roleSchema,
  /** What it allows today. */
  scopes: z.array(z.string()),
  user_id: userIdSchema.nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  /** To the minute. */
  last_used_at: z.iso.datetime().nullable(),
  rotated_from: keyIdSchema.nullable(),
  replaced_by: keyIdSchema.nullable(),
});
/** An API key as the API shows it. */
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A key that was just made: the only answer that holds the key. */
export const madeKeySchema = apiKeySchema.extend({ key: z.string() });
/** A key that was just made, with the key itself. */
export type MadeKey = z.infer<typeof madeKeySchema>;

/** One page of API keys, newest first. */
export const apiKeyPageSchema = z.strictObject({
  items: z.array(apiKeySchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of API keys. */
export type ApiKeyPage = z.infer<typeof apiKeyPageSchema>;

/** Body of `POST /v1/keys`. */
export const createKeySchema = z.strictObject({
  name: nameSchema,
  role: roleSchema,
  /** What it allows; absent: everything that its role may do. */
  scopes: z.array(scopeNameSchema).min(1).max(64).optional(),
  /** Whose it is. Absent: of the one who asks; null: nobody's, which only administrators may make. */
  user_id: userIdSchema.nullable().optional(),
  /** Absent: it does not expire. */
  expires_in_days: z.int().min(1).max(3650).optional(),
});
/** What key to make. */
export type CreateKey = z.infer<typeof createKeySchema>;

/** Body of `POST /v1/keys/{id}/rotate`. */
export const rotateKeySchema = z.strictObject({
  /** Hours for which the old key works on. */
  overlap_hours: z.int().min(0).max(720).default(24),
});
/** How to rotate a key, as a client asks. */
export type RotateKey = z.input<typeof rotateKeySchema>;

/** Who somebody is for an identity provider. */
export const externalIdentitySchema = z.strictObject({
  issuer: z.string().min(1).max(500),
  subject: z.string().min(1).max(500),
});

const emailSchema = z.email().max(320);

/** A user as the API shows it. */
export const userSchema = z.strictObject({
  id: userIdSchema,
  name: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  /** Who the user is for an identity provider; null for one who only has keys. */
  identity: externalIdentitySchema.nullable(),
  created_at: z.iso.datetime(),
  disabled_at: z.iso.datetime().nullable(),
});
/** A user as the API shows it. */
export type User = z.infer<typeof userSchema>;

/** One page of users, newest first. */
export const userPageSchema = z.strictObject({
  items: z.array(userSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of users. */
export type UserPage = z.infer<typeof userPageSchema>;

/** Body of `POST /v1/users`. */
export const createUserSchema = z.strictObject({
  name: nameSchema,
  email: emailSchema.optional(),
  role: roleSchema,
  identity: externalIdentitySchema.optional(),
});
/** What user to add. */
export type CreateUser = z.infer<typeof createUserSchema>;

/** Body of `PATCH /v1/users/{id}`: what is absent stays as it is. */
export const changeUserSchema = z.strictObject({
  name: nameSchema.optional(),
  email: emailSchema.nullable().optional(),
  role: roleSchema.optional(),
  identity: externalIdentitySchema.nullable().optional(),
  disabled: z.boolean().optional(),
});
/** What to change of a user. */
export type ChangeUser = z.infer<typeof changeUserSchema>;
