import { BatutaError } from '@batuta/contract';
import { z } from 'zod';

/** What of an authorisation server's metadata is needed after the consent. */
const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  response_types_supported: z.array(z.string()),
});

const clientSchema = z.looseObject({ client_id: z.string(), client_secret: z.string().optional() });

/** An authorisation server, and what the platform is called there. */
const placeSchema = z.object({
  authorizationServerUrl: z.string(),
  metadata: metadataSchema.optional(),
  client: clientSchema,
  resource: z.string().optional(),
});

const grantSchema = placeSchema.extend({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** Scopes that the service has asked for since. */
  wanted: z.string().optional(),
});

const requestSchema = placeSchema.extend({
  url: z.string(),
  redirectUrl: z.string(),
  codeVerifier: z.string(),
  scope: z.string().optional(),
});

/** What the platform is called at an authorisation server. */
export type KeptClient = z.infer<typeof clientSchema>;

/** What is kept, encrypted, of a grant. */
export type KeptGrant = z.infer<typeof grantSchema>;

/** What is kept, encrypted, of a consent that was asked for. */
export type KeptRequest = z.infer<typeof requestSchema>;

export function readGrant(text: string): KeptGrant {
  return read(grantSchema, text);
}

export function readRequest(text: string): KeptRequest {
  return read(requestSchema, text);
}

export function readClient(text: string): KeptClient {
  return read(clientSchema, text);
}

/** What of a kept value must not be shown to anybody. */
export function secretsInGrant(text: string): string[] {
  const { accessToken, refreshToken, client } = readGrant(text);
  return [accessToken, refreshToken, client.client_secret].filter((secret) => secret !== undefined);
}

export function secretsInRequest(text: string): string[] {
  const { codeVerifier, client } = readRequest(text);
  return [codeVerifier, client.client_secret].filter((secret) => secret !== undefined);
}

export function secretsInClient(text: string): string[] {
  const { client_secret: secret } = readClient(text);
  return secret === undefined ? [] : [secret];
}

function read<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new BatutaError('authorization-failed', { reason: 'what was kept of it cannot be read' });
}
