import { roleSchema, tenantIdSchema } from '@batuta/contract';
import { z } from 'zod';

/** Signatures that are made with a private key and checked with a public one. */
const publicAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
/** Signatures that are made and checked with one secret. */
const secretAlgorithm = 'HS256';

const claimPath = z.string().min(1).max(200);

/**
 * Somebody whose tokens are accepted, and what they mean here. The algorithms are fixed by it and never taken from a token, so that a public
 * key can never be used as a secret: an issuer either has `HS256`, with the secret of `auth.jwt_secret`, or algorithms of public keys,
 * which it publishes.
 */
export const issuerSchema = z
  .strictObject({
    /** What tokens say in `iss`; with public keys also the address under which they are found. */
    issuer: z.string().min(1).max(500),
    /** What tokens must say in `aud`: who they are meant for. */
    audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)]),
    algorithms: z
      .array(z.enum([secretAlgorithm, ...publicAlgorithms]))
      .min(1)
      .default(['RS256', 'ES256']),
    /** Where in a token it stands what somebody is; a path such as `realm_access.roles`. */
    claims: z
      .strictObject({ tenant: claimPath, role: claimPath, name: claimPath, email: claimPath })
      .partial()
      .default({}),
    /** The tenant of everybody whose token names none. Without it, and without `claims.tenant`, the tenant that looks after the platform. */
    tenant: tenantIdSchema.optional(),
    /** What the claim says and which role that is; of several the one that may do most. */
    roles: z.record(z.string().min(1).max(200), roleSchema).default({}),
    /** Role of those whom the claim gives none; without it they are refused. */
    default_role: roleSchema.optional(),
    /** Adds whoever comes for the first time as a user; else an administrator must have done so. */
    create_users: z.boolean().default(false),
  })
  .refine(({ algorithms }) => !algorithms.includes(secretAlgorithm) || algorithms.length === 1, {
    path: ['algorithms'],
    message: 'must not mix HS256 with algorithms of public keys',
  })
  .refine(({ algorithms, issuer }) => algorithms.includes(secretAlgorithm) || isKeyAddress(issuer), {
    path: ['issuer'],
    message:
      'must be an address that begins with https:// (http:// only for this machine), where the public keys are found',
  });

/** Somebody whose tokens are accepted. */
export type Issuer = z.infer<typeof issuerSchema>;

/** Accepts the issuers of a configuration. */
export const issuersSchema = z
  .array(issuerSchema)
  .max(100)
  .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, {
    message: 'must not name an issuer twice',
  });

/** Whether an issuer's tokens are signed with the configured secret. */
export function usesSecret({ algorithms }: Pick<Issuer, 'algorithms'>): boolean {
  return algorithms.includes(secretAlgorithm);
}

function isKeyAddress(issuer: string): boolean {
  const url = URL.parse(issuer);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname));
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
