import { z } from 'zod';

/** Prefix of each kind of identifier; the rest is a UUID version 7 as 26 characters of Crockford base 32. */
export const idPrefixes = {
  tenant: 'ten',
  session: 'ses',
  run: 'run',
  message: 'msg',
  artifact: 'art',
  approval: 'apr',
  budget: 'bud',
  reservation: 'rsv',
  approvalLink: 'apl',
  answer: 'ans',
  apiKey: 'key',
  user: 'usr',
  worker: 'wrk',
  webhook: 'whk',
  schedule: 'sch',
  grant: 'grt',
  terminal: 'trm',
} as const;

/** What an identifier names. */
export type IdKind = keyof typeof idPrefixes;

const body = '[0-9abcdefghjkmnpqrstvwxyz]{26}';

function idSchema(kind: IdKind, example: string): z.ZodString {
  const prefix = idPrefixes[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}_${body}$`), `must be a ${kind} id such as ${prefix}_${example}`)
    .meta({ examples: [`${prefix}_${example}`] });
}

const example = '06aqn3zk5s7d1v2w8x9y0z1a2b';

/** `ses_...`: one conversation. */
export const sessionIdSchema = idSchema('session', example);
/** `run_...`: one piece of work in a session. */
export const runIdSchema = idSchema('run', example);
/** `msg_...`: one message of the conversation. */
export const messageIdSchema = idSchema('message', example);
/** `art_...`: a file that a run was given or made. */
export const artifactIdSchema = idSchema('artifact', example);
/** `apr_...`: a question that waits for a person's decision. */
export const approvalIdSchema = idSchema('approval', example);

/** `bud_...`: a limit on what may be spent; one of a file is named after it: `agent_support_day`. */
export const budgetIdSchema = z.union([
  idSchema('budget', example),
  z.string().regex(/^(?:agent|team)_[a-z][a-z0-9-]{0,62}_(?:run|session|day|month)$/),
]);
/** `apl_...`: a link by which one person can decide one approval. */
export const approvalLinkIdSchema = idSchema('approvalLink', example);
/** `whk_...`: an address that is told of events. */
export const webhookIdSchema = idSchema('webhook', example);
/** `trm_...`: a shell in the sandbox of a session, at which a person sits. */
export const terminalIdSchema = idSchema('terminal', example);
/** `sch_...`: times at which runs are started. */
export const scheduleIdSchema = idSchema('schedule', example);

/** `grt_...`: what a person has granted the platform at a service. */
export const grantIdSchema = idSchema('grant', example);

/** `key_...`: an API key. */
export const keyIdSchema = idSchema('apiKey', example);
/** `usr_...`: somebody of a tenant. */
export const userIdSchema = idSchema('user', example);

/** A tenant's identifier: chosen by the operator, safe in SQL settings, cache keys and file names. */
export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, - or _');

/** An agent's name: the name of its file. */
export const agentNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -, and start with a letter');
