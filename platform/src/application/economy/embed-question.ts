import type { Cover } from '../../domain/budget/cover-run.ts';
import { normalised } from '../../domain/economy/same-question.ts';
import type { EmbeddedQuestion } from '../../port/answer-cache.ts';
import type { Embedder } from '../../port/embedder.ts';
import type { AccountCharge } from '../../port/run-record.ts';
import { roomKnown } from '../turn/count-accounts.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import type { HeldRun } from '../turn/held-run.ts';

/** Longest wait for an embedding: a question whose meaning cannot be had in time is put to the model. */
const embeddingMs = 5_000;

/**
 * Places a question in the space of meanings. What that costs is owed until `stageEmbedding`. Undefined where there is no embedder, or
 * where a hard budget has no room for it, or cannot know its price: the question is then compared by its words alone.
 */
export async function embedQuestion(
  context: EngineContext,
  held: HeldRun,
  text: string,
): Promise<EmbeddedQuestion | undefined> {
  const { embedder, money } = context;
  if (embedder === null) return undefined;
  const covers = await money.book.coverOf(held.lease.tenantId, held.money.covered);
  if (!mayCost(context, held, { embedder, covers, text })) return undefined;
  const signal = AbortSignal.any([held.control.signal, AbortSignal.timeout(embeddingMs)]);
  const { vectors, usage } = await embedder.embed([text], signal);
  const accounts = covers.map(({ account }) => account);
  held.money.embedding = { model: embedder.reference, usage, accounts };
  return { text, embedding: normalised(vectors[0] ?? []) };
}

/** No text has more tokens than bytes: whatever the model, it costs no more than this. */
function mayCost(
  { money }: EngineContext,
  held: HeldRun,
  { embedder, covers, text }: { embedder: Embedder; covers: readonly Cover[]; text: string },
): boolean {
  if (!covers.some(({ strictest }) => strictest !== null)) return true;
  const most = money.prices.worstCost(embedder.reference, { input: Buffer.byteLength(text), output: 0 });
  return most !== null && most <= roomKnown(held, covers);
}

/**
 * Stages what an embedding cost: an event, an entry of the ledger and a charge of the run's accounts. Called when the log is written ahead
 * and before the model is asked, so that it shares the commit of the answer, whoever gives it. Does nothing where nothing is owed.
 */
export function stageEmbedding({ ids, money }: Pick<EngineContext, 'ids' | 'money'>, held: HeldRun): void {
  const { embedding, accounts: known } = held.money;
  if (embedding === null) return;
  held.money.embedding = null;
  const { model, usage, accounts } = embedding;
  const cost = money.prices.cost(model, usage);
  const micros = cost ?? 0;
  const reservationId = ids.create('reservation');
  const charges = accounts.map((account): AccountCharge => ({
    account,
    slice: 0,
    spent: micros,
    reserved: 0,
    limit: null,
  }));
  const places = charges.map(({ account, slice }) => ({ account, slice }));
  const data = { reservation_id: reservationId, model, usage, cost_micros: cost, charges: places };
  held.journal.stage({ kind: 'question-embedded', data });
  held.journal.stageRows({ ledger: [{ reservationId, kind: 'settle', model, micros, usage }], charges });
  for (const account of accounts) {
    const state = known.get(account);
    if (state) known.set(account, { ...state, spent: state.spent + micros });
  }
}
