import { secretReferenceSchema } from '@batuta/contract';
import { z } from 'zod';

const address = z
  .string()
  .max(2_048)
  .regex(/^https?:\/\/[^\s/]+\S*$/, 'must be an address that begins with https:// or http://');

const plain = z.string().min(1).max(1_000);

/** A text, or a secret where it is one. */
const textOrSecret = z.union([secretReferenceSchema, plain.regex(/^(?!secret:)/)]);

const credentialSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('api_key'),
    key: secretReferenceSchema,
    in: z.enum(['header', 'query', 'cookie']).optional(),
    name: plain.optional(),
  }),
  z.strictObject({ type: z.literal('bearer'), token: secretReferenceSchema }),
  z.strictObject({ type: z.literal('basic'), username: textOrSecret, password: secretReferenceSchema }),
  z.strictObject({
    type: z.literal('oauth2'),
    flow: z.enum(['client_credentials', 'authorization_code']).default('client_credentials'),
    client_id: textOrSecret,
    client_secret: secretReferenceSchema.optional(),
    token_url: address.optional(),
    authorization_url: address.optional(),
    scopes: z.array(plain).max(100).optional(),
    audience: plain.optional(),
    client_authentication: z.enum(['header', 'body']).default('header'),
  }),
]);

const flag = z.boolean().optional();

const operationSchema = z.strictObject({
  read_only: flag,
  destructive: flag,
  idempotent: flag,
  open_world: flag,
  private_data: flag,
  hidden: flag,
});

const pattern = z
  .string()
  .regex(/^[\w*-]{1,128}$/, 'must be the name of an operation, in which * stands for any characters');

/** An API of `openapi.apis` in batuta.yaml. */
export const apiDeclarationSchema = z
  .strictObject({
    document: z.string().min(1).max(2_048),
    server: address.optional(),
    variables: z.record(z.string(), z.string().max(500)).optional(),
    auth: z.record(z.string().min(1).max(200), credentialSchema).optional(),
    headers: z
      .record(
        z.string().regex(/^[\w-]{1,100}$/),
        z
          .string()
          .max(2_000)
          .regex(/^(?!secret:)/, 'is sent as it is: a secret belongs under auth'),
      )
      .optional(),
    operations: z.record(pattern, operationSchema).optional(),
    open_world: flag,
    private_data: flag,
    untrusted: flag,
    idempotency_header: z
      .string()
      .regex(/^[\w-]{1,100}$/)
      .optional(),
    calls_per_minute: z.int().min(1).max(1_000_000).optional(),
    cache: z.boolean().default(true),
    timeout_seconds: z.int().min(1).max(3_600).optional(),
    refresh_minutes: z.int().min(0).max(100_000).default(60),
  })
  .superRefine(({ auth = {} }, context) => {
    for (const fault of consentFaults(auth)) context.addIssue({ code: 'custom', ...fault, input: auth });
  });

/** Where people consent must be written down: a document that says it could lead them anywhere. */
function consentFaults(
  auth: Record<string, z.output<typeof credentialSchema>>,
): { path: string[]; message: string }[] {
  const flows = Object.entries(auth).flatMap(([name, credential]) =>
    credential.type === 'oauth2' && credential.flow === 'authorization_code' ? [{ name, credential }] : [],
  );
  const missing = flows.flatMap(({ name, credential }) =>
    (['authorization_url', 'token_url'] as const)
      .filter((key) => credential[key] === undefined)
      .map((key) => ({ path: ['auth', name, key], message: 'is needed for the flow authorization_code' })),
  );
  const hidden = flows
    .filter(({ credential }) => credential.client_id.startsWith('secret://'))
    .map(({ name }) => ({
      path: ['auth', name, 'client_id'],
      message: 'is seen by browsers, so it is no secret',
    }));
  const [, second] = flows;
  const message = 'is a second flow authorization_code: an API has one at most';
  const faults = [...missing, ...hidden];
  return second ? [...faults, { path: ['auth', second.name], message }] : faults;
}

/** An API as batuta.yaml declares it. */
export type ApiDeclaration = z.output<typeof apiDeclarationSchema>;

/** Accepts APIs by their names. */
export const apiDeclarationsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be at most 32 lower-case letters, digits, _ and -'),
  apiDeclarationSchema,
);
