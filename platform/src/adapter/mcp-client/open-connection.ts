import {
  Client,
  SdkErrorCode,
  SdkError,
  type FetchLike,
  type AuthProvider,
} from '@modelcontextprotocol/client';
import { BatutaError } from '@batuta/contract';
import type { Log } from '../../port/log.ts';
import { Connection } from './connection.ts';
import { networkCode, reasonOf, rootReason } from './describe-failure.ts';
import { HttpTransport } from './http-transport.ts';
import { ServerQuestions } from './server-questions.ts';
import type { HttpPlace, StdioPlace, ToolServerOptions } from './server-options.ts';
import { processEnded, StdioTransport } from './stdio-transport.ts';
import { makeDiagnosticLog } from './diagnostic-log.ts';

export interface OpenOptions {
  server: ToolServerOptions;
  /** Of texts that name secrets, with the secrets in them. */
  place: StdioPlace | HttpPlace;
  version: string;
  log: Log;
  now: () => number;
  fetch: FetchLike;
  authProvider?: AuthProvider;
  /** The server was seen to speak the older protocol only: it is not asked again. */
  isLegacy: boolean;
  /** Ends the attempt: the platform stops. */
  signal: AbortSignal;
  /** The server says that its tools are others now. */
  onListChanged: () => void;
}

/** A process that does not know the newer protocol may stay silent when it is asked about it. */
const probeMs = 10_000;
/** One that is downloaded first is silent for longer. */
const downloadProbeMs = 60_000;

/** Extension by which servers of the stateless era may answer calls with tasks. */
const tasks = 'io.modelcontextprotocol/tasks';

/**
 * Connects to a server, in the newest protocol that both know. Errors: `tool-server-unavailable`, and those of the authorisation, which
 * are thrown as they are.
 */
export async function openConnection(options: OpenOptions): Promise<Connection> {
  try {
    return await connect(options);
  } catch (error) {
    if (options.isLegacy || options.signal.aborted || !endedWhileProbed(options, error)) throw error;
    // Some servers end when they are asked something before they are greeted.
    return await connect({ ...options, isLegacy: true });
  }
}

async function connect(options: OpenOptions): Promise<Connection> {
  const { server, isLegacy } = options;
  const transport = makeTransport(options);
  const client = makeClient(options);
  const questions = new ServerQuestions(client, { server: server.name, log: options.log });
  const connection = new Connection({ client, transport, server, questions });
  const onerror = (error: Error) =>
    options.log.debug('tool server', { server: server.name, reason: reasonOf(error) });
  Object.assign(client, { onerror });
  const stop = () => void connection.close();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const timeout = server.limits.startMs;
    await client.connect(transport, { timeout, ...(isLegacy ? { prior: { kind: 'legacy' } } : {}) });
    return connection;
  } catch (error) {
    // Before it is closed: afterwards it says that it was.
    const problem = connectError(server, error, transport);
    await connection.close();
    throw problem;
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function makeClient({ server, place, version, onListChanged }: OpenOptions): Client {
  const patience = place.kind === 'stdio' && place.mayDownload === true ? downloadProbeMs : probeMs;
  return new Client(
    { name: 'batuta', version },
    {
      capabilities: { elicitation: { form: {}, url: {} }, extensions: { [tasks]: {} } },
      versionNegotiation: {
        mode: 'auto',
        probe: { timeoutMs: Math.min(patience, server.limits.startMs) },
      },
      inputRequired: { autoFulfill: false },
      listChanged: { tools: { autoRefresh: false, debounceMs: 100, onChanged: onListChanged } },
    },
  );
}

function makeTransport({ server, place, log, now, fetch, authProvider }: OpenOptions) {
  const { messageBytes } = server.limits;
  if (place.kind === 'http') {
    const { url, headers } = place;
    return new HttpTransport({ url, headers, fetch, now, authProvider });
  }
  return new StdioTransport({
    server: server.name,
    process: place,
    messageBytes,
    now,
    onDiagnostic: makeDiagnosticLog(log, { server: server.name, now }),
  });
}

function endedWhileProbed({ place }: OpenOptions, error: unknown): boolean {
  if (place.kind !== 'stdio' || !BatutaError.has(error, 'tool-server-unavailable')) return false;
  return error.data.reason.startsWith(processEnded);
}

function connectError(
  { name: server, limits }: ToolServerOptions,
  error: unknown,
  transport: StdioTransport | HttpTransport,
): unknown {
  const isRefusal = error instanceof Error && /unauthorized/i.test(error.name);
  if (isRefusal || BatutaError.is(error)) return error;
  const isTimeout = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
  const code = networkCode(error);
  const found = code === undefined ? rootReason(error) : `it cannot be reached (${code})`;
  const lastWords = 'lastWords' in transport ? transport.lastWords : '';
  const late = `it did not answer in time (${limits.startMs / 1000} s)${lastWords && `: ${lastWords}`}`;
  const reason = transport.reason ?? (isTimeout ? late : found);
  return new BatutaError('tool-server-unavailable', { server, reason }, { cause: error });
}
