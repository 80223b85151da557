import { createRequire } from 'node:module';
import { noUsage, type Usage } from '@batuta/contract';
import type { PriceList } from '../../port/model.ts';

type PriceData = typeof import('@pydantic/genai-prices');
type PricedProvider = NonNullable<ReturnType<PriceData['findProvider']>>;
type PricedModel = PricedProvider['models'][number];

/** A price that the operator sets, in US dollars per million tokens. */
export interface OwnPrice {
  input: number;
  output: number;
  cachedInput?: number | undefined;
}

/** What is known of a model: its price and the size of its context. */
export interface ModelPrices extends PriceList {
  /** Tokens of the model's context; undefined when the price data do not say. */
  contextTokens: (reference: string) => number | undefined;
}

/** Where the price data are asked from. */
export interface PriceListOptions {
  /** Prices by pattern of reference that hold whatever the data say. */
  own?: Readonly<Record<string, OwnPrice>>;
  /** Milliseconds since the epoch: prices change on given days. */
  now: () => number;
}

/** Dollars per million tokens, that is micro-dollars per token, where they do not depend on the length of the prompt. */
interface Rate {
  input: number;
  cached: number;
  written: number;
  output: number;
}

/** What was looked up of a model on a day; `rate` is null where its price depends on the length of the prompt. */
interface KnownModel {
  provider: PricedProvider;
  model: PricedModel;
  rate: Rate | null;
}

/** Providers that run on the own machine. */
const freeProviders: ReadonlySet<string> = new Set(['offline', 'ollama']);

const microsPerDollar = 1_000_000;
const dayMs = 86_400_000;

/**
 * Prices from the data of genai-prices, which are read with the first question (27 ms) and looked up once a day and model.
 * Prices that depend on the length of the prompt are computed by the library itself (15 us).
 */
export function createPriceList({ own = {}, now }: PriceListOptions): ModelPrices {
  const findOwn = patternMatcher(own);
  const lookUps = new Map<string, { day: number; found: KnownModel | undefined }>();
  const lookUp = (reference: string): KnownModel | undefined => {
    if (freeProviders.has(providerOf(reference))) return undefined;
    const day = Math.floor(now() / dayMs);
    const known = lookUps.get(reference);
    if (known?.day === day) return known.found;
    const found = findModel(reference, new Date(now()));
    lookUps.set(reference, { day, found });
    return found;
  };
  const cost = (reference: string, usage: Usage): number | null => {
    const price = findOwn(reference);
    if (price !== undefined) return costOf(ownRate(price), usage);
    if (freeProviders.has(providerOf(reference))) return 0;
    const found = lookUp(reference);
    if (found === undefined) return null;
    return found.rate === null ? computeCost(found, usage, now()) : costOf(found.rate, usage);
  };
  return {
    cost,
    worstCost(reference, { input, output }) {
      const fresh = cost(reference, { ...noUsage, input_tokens: input, output_tokens: output });
      const written = { ...noUsage, input_tokens: input, cache_write_tokens: input, output_tokens: output };
      // Writing a cache costs more than reading without one with some providers, and nothing is known of it beforehand.
      return fresh === null ? null : Math.max(fresh, cost(reference, written) ?? 0);
    },
    contextTokens: (reference) => lookUp(reference)?.model.context_window,
  };
}

/** The price of the most particular pattern: a whole reference, then the longest beginning before a `*`. */
function patternMatcher(own: Readonly<Record<string, OwnPrice>>) {
  const beginnings = Object.keys(own)
    .filter((pattern) => pattern.endsWith('*'))
    .map((pattern) => pattern.slice(0, -1))
    .toSorted((one, other) => other.length - one.length);
  return (reference: string): OwnPrice | undefined => {
    const exact = own[reference];
    if (exact !== undefined || beginnings.length === 0) return exact;
    const beginning = beginnings.find((each) => reference.startsWith(each));
    return beginning === undefined ? undefined : own[`${beginning}*`];
  };
}

let loaded: PriceData | undefined;

/** Read at the first use and not at the start; synchronously, because a cost is asked for between two lines of a commit. */
function priceData(): PriceData {
  loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as PriceData;
  return loaded;
}

function findModel(reference: string, timestamp: Date): KnownModel | undefined {
  const providerId = providerOf(reference);
  const provider = priceData().findProvider({ providerId });
  const options = { providerId, timestamp };
  const name = reference.slice(providerId.length + 1);
  const found = provider && priceData().calcPrice({ input_tokens: 0, output_tokens: 0 }, name, options);
  if (provider === undefined || found === undefined || found === null) return undefined;
  const { model, model_price: prices } = found;
  // A provider with this one model: computing a cost need not search again.
  return { provider: { ...provider, models: [model] }, model, rate: flatRate(prices) };
}

function flatRate(prices: Readonly<Record<string, unknown>>): Rate | null {
  const { input_mtok: input, output_mtok: output } = prices;
  if (typeof input !== 'number' || typeof output !== 'number') return null;
  const { cache_read_mtok: cached = input, cache_write_mtok: written = input } = prices;
  return typeof cached === 'number' && typeof written === 'number'
    ? { input, cached, written, output }
    : null;
}

function providerOf(reference: string): string {
  return reference.slice(0, reference.indexOf('/'));
}

function computeCost({ provider, model }: KnownModel, usage: Usage, now: number): number | null {
  const priced = {
    input_tokens: usage.input_tokens,
    cache_read_tokens: usage.cached_input_tokens,
    cache_write_tokens: usage.cache_write_tokens,
    output_tokens: usage.output_tokens,
  };
  const result = priceData().calcPrice(priced, model.id, { provider, timestamp: new Date(now) });
  return result === null ? null : roundUp(result.total_price * microsPerDollar);
}

function ownRate({ input, output, cachedInput = input }: OwnPrice): Rate {
  return { input, cached: cachedInput, written: input, output };
}

function costOf(rate: Rate, usage: Usage): number {
  const fresh = usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens;
  const input =
    fresh * rate.input + usage.cached_input_tokens * rate.cached + usage.cache_write_tokens * rate.written;
  return roundUp(input + usage.output_tokens * rate.output);
}

/** A fraction of a micro-dollar counts as a whole one; the noise of floating point does not. */
function roundUp(micros: number): number {
  return Math.max(0, Math.ceil(micros - 1e-6));
}
