import type {
  Client,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitResult,
} from '@modelcontextprotocol/client';
import { jsonObjectSchema } from '@batuta/contract';
import type { Log } from '../../port/log.ts';
import type { ToolContext } from '../../port/tool.ts';
import { cleanText } from './clean-text.ts';

/** With the address, a question stays within what is shown of one. */
const longestQuestion = 1_500;
const longestAddress = 2_000;

/**
 * Questions of a server to the person behind a call. In the stateless era they come as the answer of the call that they belong to. In the
 * older one they come by themselves and do not say which call they belong to: they are put to the person behind the calls that are under
 * way, unless those are of several runs, when nobody is asked: a question must not reach the wrong person.
 */
export class ServerQuestions {
  readonly #server: string;
  readonly #log: Log;
  readonly #underWay = new Set<ToolContext>();
  /** Questions to open a page, by the name that the server has given them: it says when a person has done what they are for. */
  readonly #visits = new Map<string, AbortController>();

  constructor(client: Client, { server, log }: { server: string; log: Log }) {
    this.#server = server;
    this.#log = log;
    client.setRequestHandler('elicitation/create', async ({ params }) => await this.#askAnyone(params));
    client.setNotificationHandler('notifications/elicitation/complete', ({ params }) =>
      this.#visits.get(params.elicitationId)?.abort(),
    );
  }

  /** Does work of a call that the server may ask questions about. */
  async during<T>(context: ToolContext, work: () => Promise<T>): Promise<T> {
    this.#underWay.add(context);
    try {
      return await work();
    } finally {
      this.#underWay.delete(context);
    }
  }

  /** Asks the person behind a call. */
  async ask(context: ToolContext, params: ElicitRequestParams): Promise<ElicitResult> {
    const question = this.#question(params);
    if (question === null) return { action: 'decline' };
    if (params.mode === 'url') return await this.#askToVisit(context, params.elicitationId, question);
    const answer = await context.ask(question);
    if (answer.action !== 'accept') return { action: answer.action };
    return { action: 'accept', content: contentOf({ ...proposedBy(params), ...answer.content }) };
  }

  /** Ends with the person's word, or as soon as the server says that it is done. */
  async #askToVisit(context: ToolContext, id: string, question: { question: string }): Promise<ElicitResult> {
    const done = new AbortController();
    this.#visits.set(id, done);
    try {
      const { action } = await context.ask({ ...question, until: done.signal });
      return { action: done.signal.aborted ? 'accept' : action };
    } finally {
      if (this.#visits.get(id) === done) this.#visits.delete(id);
    }
  }

  async #askAnyone(params: ElicitRequestParams): Promise<ElicitResult> {
    const contexts = [...this.#underWay];
    const last = contexts.at(-1);
    if (!last || contexts.some(({ runId }) => runId !== last.runId)) {
      this.#log.warn('a question of a tool server was not asked, because it could be of several runs', {
        server: this.#server,
      });
      return { action: 'cancel' };
    }
    return await this.ask(last, params);
  }

  #question(params: ElicitRequestParams) {
    const message = cleanText(params.message, longestQuestion);
    const question = `${this.#server} asks: ${message}`;
    if (params.mode === 'url') return this.#askToOpen(question, params.url);
    const schema = jsonObjectSchema.safeParse(params.requestedSchema);
    return { question, ...(schema.success ? { schema: schema.data } : {}) };
  }

  /** Nothing opens the page but the person, who is told whose it is; null for what is no page of the web. */
  #askToOpen(question: string, address: string) {
    const page = URL.parse(address);
    if (page && isPage(page)) {
      const wish = `It wants you to open a page of ${page.host}. Open it if you trust that, then say that it is done:`;
      return { question: `${question}\n${wish}\n${page.href}` };
    }
    this.#log.warn('a tool server named an address that nobody should open', { server: this.#server });
    return null;
  }
}

/** Names and passwords in an address only serve to make it look like another. */
function isPage({ protocol, username, password, href }: URL): boolean {
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' && password === '' && href.length <= longestAddress;
}

/** What a form proposes where nothing is filled in. */
function proposedBy({ requestedSchema }: { requestedSchema: ElicitRequestFormParams['requestedSchema'] }) {
  const fields = Object.entries(requestedSchema.properties);
  return Object.fromEntries(
    fields.flatMap(([name, field]) => ('default' in field ? [[name, field.default] as const] : [])),
  );
}

/** Forms are flat: what is not a simple value has no place in them. */
function contentOf(content: Readonly<Record<string, unknown>>): NonNullable<ElicitResult['content']> {
  const isSimple = (value: unknown): value is string | number | boolean | string[] =>
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'));
  const entries = Object.entries(content).flatMap(([name, value]) =>
    isSimple(value) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}
