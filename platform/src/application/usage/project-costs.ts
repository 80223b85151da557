import { BatutaError, noUsage, type Projection, type ProjectionQuery } from '@batuta/contract';
import type { PriceList } from '../../port/model.ts';
import type { UsageStore } from '../../port/usage-store.ts';
import type { Identity } from '../access/identity.ts';

/** What a projection is made of. */
export interface ProjectionContext {
  usage: UsageStore;
  prices: PriceList;
}

/** Newest runs that are looked at. */
const looked = 1_000;
const daysOfMonth = 30;
const microsPerDollar = 1_000_000;

/**
 * What so many requests would cost: from what past runs did cost, or from the price of a model. Errors: `projection-without-basis`
 * when there are neither runs nor a price.
 */
export async function projectCosts(
  context: ProjectionContext,
  { tenantId }: Identity,
  query: ProjectionQuery,
): Promise<Projection> {
  const { requests_per_day: perDay } = query;
  const basis =
    query.model === undefined ? await fromRuns(context, tenantId, query) : fromPrice(context, query);
  const { micros, p90Micros, runs } = basis;
  return {
    requests_per_day: perDay,
    basis: query.model === undefined ? 'runs' : 'price',
    runs,
    per_request_usd: micros / microsPerDollar,
    ...(p90Micros === undefined ? {} : { per_request_p90_usd: p90Micros / microsPerDollar }),
    per_day_usd: (micros * perDay) / microsPerDollar,
    per_month_usd: (micros * perDay * daysOfMonth) / microsPerDollar,
  };
}

interface Basis {
  micros: number;
  p90Micros?: number;
  runs: number;
}

async function fromRuns(
  { usage }: ProjectionContext,
  tenantId: string,
  { agent }: ProjectionQuery,
): Promise<Basis> {
  const { runs, averageMicros, p90Micros } = await usage.runCosts(tenantId, { agent, limit: looked });
  if (runs > 0) return { micros: averageMicros, p90Micros, runs };
  const whose = agent === undefined ? 'no run' : `no run of ${agent}`;
  throw withoutBasis(`${whose} with a known cost has ended yet; name a model and the tokens of a request`);
}

function fromPrice({ prices }: ProjectionContext, query: ProjectionQuery): Basis {
  const { model = '', input_tokens: input = 0, output_tokens: output = 0 } = query;
  if (input + output === 0) throw withoutBasis('say how many input and output tokens a request has');
  const micros = prices.cost(model, { ...noUsage, input_tokens: input, output_tokens: output });
  if (micros === null) throw withoutBasis(`the price of ${model} is not known; set it under prices.models`);
  return { micros, runs: 0 };
}

function withoutBasis(reason: string): BatutaError<'projection-without-basis'> {
  return new BatutaError('projection-without-basis', { reason });
}
