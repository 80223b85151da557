import { z } from 'zod';
import { grantIdSchema, userIdSchema } from '../id.ts';

/** A service at which people consent, as the project names it: `mcp:tickets`. */
export const serviceNameSchema = z
  .string()
  .regex(/^[a-z]+:[a-z][a-z0-9-]{0,62}$/, 'must be the name of a service such as mcp:tickets');

/** What somebody has let the platform do for them at a service. Tokens are never shown. */
export const authorizationSchema = z.strictObject({
  id: grantIdSchema,
  service: serviceNameSchema,
  /** Whose it is; null: of the keys that belong to nobody. */
  user_id: userIdSchema.nullable(),
  scopes: z.array(z.string()),
  /** When the token ends; it is renewed before. Null where the service does not say. */
  expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  /** When it was granted, or its token was renewed last. */
  updated_at: z.iso.datetime(),
});
/** A consent as lists show it. */
export type Authorization = z.infer<typeof authorizationSchema>;

/** One page of consents, by id. */
export const authorizationPageSchema = z.strictObject({
  items: z.array(authorizationSchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of consents. */
export type AuthorizationPage = z.infer<typeof authorizationPageSchema>;

/** Body of `POST /v1/authorizations`. */
export const beginAuthorizationSchema = z.strictObject({ service: serviceNameSchema });
/** The service at which somebody wants to consent. */
export type BeginAuthorization = z.infer<typeof beginAuthorizationSchema>;

/** Where somebody consents. */
export const begunAuthorizationSchema = z.strictObject({
  service: serviceNameSchema,
  /** To be opened in a browser; null: it was granted already. */
  url: z.url().nullable(),
});
/** The answer to `POST /v1/authorizations`. */
export type BegunAuthorization = z.infer<typeof begunAuthorizationSchema>;
