import { modelReferenceSchema, secretReferenceSchema } from '@batuta/contract';
import { z } from 'zod';
import { address, choice, decimal, integer, list, secret, structured } from './setting.ts';

const perReference = <S extends z.ZodType>(value: S) => z.record(modelReferenceSchema, value);
const tierModels = z.union([modelReferenceSchema, z.array(modelReferenceSchema).min(1).max(8)]);

/** Which models are used, and how long and how often they are tried. */
export const modelSettings = {
  default: list({
    variable: 'BATUTA_MODEL_DEFAULT',
    about: 'Models of agents that name none, in order; empty: those that were found.',
    each: 'references such as anthropic/claude-sonnet-5-5',
    pattern: /^[a-z][a-z0-9-]*\/[^\s/]\S*$/,
    default: [],
  }),
  contextTokens: structured({
    variable: 'BATUTA_MODEL_CONTEXT_TOKENS',
    about: 'Size of the context of models that are not known or are run smaller.',
    range: 'a map from model reference to tokens',
    schema: perReference(z.int().min(1024).max(100_000_000)),
    default: {},
  }),
  endpoints: structured({
    variable: 'BATUTA_MODEL_ENDPOINTS',
    about:
      'Further providers that speak the OpenAI protocol; the name is what stands before the / of a reference.',
    range: 'a map from provider name to base_url and api_key_variable or api_key',
    schema: z.record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and -'),
      z.strictObject({
        base_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
        /** Name of the environment variable that holds its key. */
        api_key_variable: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable')
          .optional(),
        /** A secret of the platform's own tenant that holds its key. */
        api_key: secretReferenceSchema.optional(),
      }),
    ),
    default: {},
  }),
  tiers: structured({
    variable: 'BATUTA_MODEL_TIERS',
    about: 'Models of agents with model: auto or the name of a tier, unless they name their own.',
    range: 'a map from fast, balanced and deep to a model or a list of models',
    schema: z.strictObject({
      fast: tierModels.optional(),
      balanced: tierModels.optional(),
      deep: tierModels.optional(),
    }),
    default: {},
  }),
  attempts: integer({
    variable: 'BATUTA_MODEL_ATTEMPTS',
    about: 'Tries of one model before the next one, the first included.',
    default: 3,
    min: 1,
    max: 20,
  }),
  backoffBaseMs: integer({
    variable: 'BATUTA_MODEL_BACKOFF_BASE_MS',
    about: 'Longest wait before the second try; it doubles with each further one.',
    default: 500,
    min: 1,
    max: 60_000,
  }),
  backoffCapMs: integer({
    variable: 'BATUTA_MODEL_BACKOFF_CAP_MS',
    about: 'Longest wait between two tries; a provider that asks for more loses its turn to the next model.',
    default: 20_000,
    min: 1,
    max: 600_000,
  }),
  firstTokenMs: integer({
    variable: 'BATUTA_MODEL_FIRST_TOKEN_MS',
    about: 'Milliseconds until the first piece of an answer.',
    default: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  betweenTokensMs: integer({
    variable: 'BATUTA_MODEL_BETWEEN_TOKENS_MS',
    about: 'Milliseconds between two pieces of an answer.',
    default: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  callMs: integer({
    variable: 'BATUTA_MODEL_CALL_MS',
    about: 'Milliseconds for one try, from the request to the end of the answer.',
    default: 300_000,
    min: 100,
    max: 3_600_000,
  }),
  totalMs: integer({
    variable: 'BATUTA_MODEL_TOTAL_MS',
    about: 'Milliseconds for all tries of all models together.',
    default: 600_000,
    min: 100,
    max: 7_200_000,
  }),
  places: integer({
    variable: 'BATUTA_MODEL_PLACES',
    about: 'Calls of one provider that this process makes at the same time; further ones wait.',
    default: 1000,
    min: 1,
    max: 10_000,
  }),
  tenantShare: decimal({
    variable: 'BATUTA_MODEL_TENANT_SHARE',
    about: 'Share of these places that one tenant may have while others use the provider, too.',
    default: 0.8,
    min: 0.01,
    max: 1,
  }),
  placeMs: integer({
    variable: 'BATUTA_MODEL_PLACE_MS',
    about: 'Milliseconds that a call waits for a place before the next model is tried.',
    default: 30_000,
    min: 0,
    max: 600_000,
  }),
  breakerFailures: integer({
    variable: 'BATUTA_MODEL_BREAKER_FAILURES',
    about: 'Failures in a row after which a provider is left alone for a while.',
    default: 5,
    min: 1,
    max: 1000,
  }),
  breakerOpenMs: integer({
    variable: 'BATUTA_MODEL_BREAKER_OPEN_MS',
    about: 'Milliseconds for which it is left alone before one call probes it.',
    default: 30_000,
    min: 100,
    max: 3_600_000,
  }),
};

function key(variable: string, provider: string) {
  return secret({
    variable,
    about: `API key of ${provider}.`,
    range: 'a text without spaces',
    pattern: /^\S+$/,
  });
}

function base(variable: string, provider: string) {
  return address({ variable, about: `Where ${provider} answers, when it is not the usual address.` });
}

/** Keys and addresses of the providers of models, by the names that their own tools use. */
export const providerSettings = {
  anthropicApiKey: key('ANTHROPIC_API_KEY', 'Anthropic'),
  anthropicBaseUrl: base('ANTHROPIC_BASE_URL', 'Anthropic'),
  openaiApiKey: key('OPENAI_API_KEY', 'OpenAI'),
  openaiBaseUrl: base('OPENAI_BASE_URL', 'OpenAI'),
  openaiProtocol: choice({
    variable: 'BATUTA_OPENAI_PROTOCOL',
    about: 'Protocol of OpenAI; auto: Responses at its own address, Chat Completions at any other.',
    words: ['auto', 'responses', 'chat'],
    default: 'auto',
  }),
  googleApiKey: key('GOOGLE_GENERATIVE_AI_API_KEY', 'Google'),
  googleBaseUrl: base('GOOGLE_GENERATIVE_AI_BASE_URL', 'Google'),
  openrouterApiKey: key('OPENROUTER_API_KEY', 'OpenRouter'),
  openrouterBaseUrl: base('OPENROUTER_BASE_URL', 'OpenRouter'),
  ollamaBaseUrl: base('OLLAMA_BASE_URL', 'Ollama'),
};
