import { z } from 'zod';

/** One entry of the error catalogue. */
export interface ErrorEntry {
  /** HTTP status when it reaches the API. */
  status: number;
  /** Short name for people, the same for every occurrence. */
  title: string;
  /** Message with `{placeholders}` filled from `data`. */
  message: string;
  /** What `data` carries. */
  data: z.ZodObject;
}

const noData = z.strictObject({});
const id = z.strictObject({ id: z.string() });

function entry<D extends z.ZodObject>(status: number, title: string, message: string, data: D) {
  return { status, title, message, data };
}

/**
 * Every error that Batuta reports, by its stable code. Codes are never reused. `docs/reference/errors.md` is made from it.
 * A message names what is wrong, where, and how to mend it.
 */
export const errorCatalogue = {
  // Requests
  'request-invalid': entry(
    400,
    'Invalid request',
    'The request is not valid: {summary}.',
    z.strictObject({
      summary: z.string(),
      issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    }),
  ),
  'request-not-json': entry(
    400,
    'Not JSON',
    'The body is not valid JSON: {reason}. Send JSON with content-type application/json.',
    z.strictObject({ reason: z.string() }),
  ),
  'request-too-large': entry(
    413,
    'Request too large',
    'The body is larger than {limit_bytes} bytes. Send less, or raise server.max_body_bytes.',
    z.strictObject({ limit_bytes: z.int() }),
  ),
  'media-type-unsupported': entry(
    415,
    'Unsupported media type',
    'The content type "{content_type}" is not supported here. Send application/json.',
    z.strictObject({ content_type: z.string() }),
  ),
  'cursor-invalid': entry(
    400,
    'Invalid cursor',
    'The cursor "{cursor}" is not one that this API gave out.',
    z.strictObject({ cursor: z.string() }),
  ),
  'route-unknown': entry(
    404,
    'Unknown address',
    'There is no {method} {path}. See /openapi.json for what there is.',
    z.strictObject({ method: z.string(), path: z.string() }),
  ),
  'method-not-allowed': entry(
    405,
    'Method not allowed',
    '{method} is not possible at {path}. Use {allowed}.',
    z.strictObject({ method: z.string(), path: z.string(), allowed: z.string() }),
  ),
  'request-malformed': entry(
    400,
    'Malformed request',
    'The request is not valid HTTP: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'headers-too-large': entry(
    431,
    'Headers too large',
    'The headers of the request are larger than {limit_bytes} bytes.',
    z.strictObject({ limit_bytes: z.int() }),
  ),
  'request-timeout': entry(
    408,
    'Request timed out',
    'The request was not received whole within {seconds} s.',
    z.strictObject({ seconds: z.int() }),
  ),
  'streams-full': entry(
    503,
    'Too many streams',
    'This server has {limit} open streams, which is its limit. Try again in {retry_after_seconds} s.',
    z.strictObject({ limit: z.int(), retry_after_seconds: z.int() }),
  ),
  'host-not-allowed': entry(
    403,
    'Host not allowed',
    'The host "{host}" is not served here. Add it to server.allowed_hosts.',
    z.strictObject({ host: z.string() }),
  ),
  'origin-not-allowed': entry(
    403,
    'Origin not allowed',
    'Requests from the origin "{origin}" are not allowed. Add it to server.allowed_origins.',
    z.strictObject({ origin: z.string() }),
  ),
  // Access
  'key-missing': entry(401, 'No API key', 'Send an API key as "Authorization: Bearer <key>".', noData),
  'key-invalid': entry(401, 'Invalid API key', 'The API key is unknown, expired or revoked.', noData),
  'permission-missing': entry(
    403,
    'Not permitted',
    'This key may not do that: it lacks the scope "{scope}".',
    z.strictObject({ scope: z.string() }),
  ),
  'login-token-invalid': entry(
    401,
    'Invalid login link',
    'The login link was used already or has expired. Each start of Batuta prints a new one: batuta start.',
    noData,
  ),
  // The way to a platform
  'key-not-found': entry(
    401,
    'No key found',
    'No key was found for {url}, also not in {file}. Give one with --key or BATUTA_KEY.',
    z.strictObject({ url: z.string(), file: z.string() }),
  ),
  'file-unreadable': entry(
    500,
    'Unreadable file',
    'The file {file} cannot be read: {reason}.',
    z.strictObject({ file: z.string(), reason: z.string() }),
  ),
  // Things
  'agent-unknown': entry(
    404,
    'Unknown agent',
    'There is no agent "{agent}".{hint}',
    z.strictObject({ agent: z.string(), hint: z.string() }),
  ),
  'run-unknown': entry(404, 'Unknown run', 'There is no run "{id}".', id),
  'session-unknown': entry(404, 'Unknown session', 'There is no session "{id}".', id),
  'artifact-unknown': entry(404, 'Unknown artifact', 'There is no artifact "{id}".', id),
  'approval-unknown': entry(404, 'Unknown approval', 'There is no approval "{id}".', id),
  'event-unknown': entry(
    404,
    'Unknown event',
    'Session {id} has no event {seq}.',
    z.strictObject({ id: z.string(), seq: z.int() }),
  ),
  // Wrong state
  'run-state-conflict': entry(
    409,
    'Wrong state',
    'Run {id} is {status}; {action} needs it to be {needed}.',
    z.strictObject({ id: z.string(), status: z.string(), action: z.string(), needed: z.string() }),
  ),
  'session-busy': entry(
    409,
    'Session is busy',
    'Session {id} has a run that has not ended ({run_id}). Cancel it or wait for it.',
    z.strictObject({ id: z.string(), run_id: z.string() }),
  ),
  'session-agent-conflict': entry(
    409,
    'Another agent',
    'Session {id} belongs to agent "{agent}". Start a new session for another agent.',
    z.strictObject({ id: z.string(), agent: z.string() }),
  ),
  'approval-decided-already': entry(
    409,
    'Already decided',
    'Approval {id} was decided already: {decision}.',
    z.strictObject({ id: z.string(), decision: z.string() }),
  ),
  'approval-expired': entry(
    409,
    'Approval has expired',
    'Approval {id} expired at {expired_at} without a decision; its call was not approved.',
    z.strictObject({ id: z.string(), expired_at: z.string() }),
  ),
  'decision-not-offered': entry(
    409,
    'Decision not offered',
    'Approval {id} can be decided by {offered}, not by "{decision}".',
    z.strictObject({ id: z.string(), decision: z.string(), offered: z.string() }),
  ),
  'idempotency-key-reused': entry(
    409,
    'Idempotency key reused',
    'The Idempotency-Key was used before with a different request (run {id}). Use a new key for a new request.',
    id,
  ),
  'queue-full': entry(
    429,
    'Queue is full',
    '{count} runs are waiting, which is the limit. Try again in {retry_after_seconds} s.',
    z.strictObject({ count: z.int(), retry_after_seconds: z.int() }),
  ),
  'server-stopping': entry(
    503,
    'Server is stopping',
    'This server is shutting down. Try again in {retry_after_seconds} s.',
    z.strictObject({ retry_after_seconds: z.int() }),
  ),
  'not-ready': entry(503, 'Not ready', 'Not ready: {reason}.', z.strictObject({ reason: z.string() })),
  internal: entry(
    500,
    'Internal error',
    'Something went wrong inside Batuta. The log has the cause under the id {incident}.',
    z.strictObject({ incident: z.string() }),
  ),
  // Why runs fail
  'model-unavailable': entry(
    502,
    'No model answered',
    'None of the models answered: {causes}.',
    z.strictObject({ causes: z.string() }),
  ),
  'model-call-failed': entry(
    502,
    'Model call failed',
    '{model} failed ({kind}): {reason}.',
    z.strictObject({
      model: z.string(),
      kind: z.enum([
        'rate-limited',
        'overloaded',
        'server',
        'network',
        'timeout',
        'malformed',
        'access',
        'request',
        'context',
        'content-filter',
      ]),
      reason: z.string(),
      retryable: z.boolean(),
      retry_after_ms: z.int().nullable(),
      provider_status: z.int().nullable(),
    }),
  ),
  'model-refused-request': entry(
    502,
    'Model refused the request',
    'The provider refused the request: {reason}.',
    z.strictObject({ model: z.string(), reason: z.string() }),
  ),
  'context-too-long': entry(
    422,
    'Context too long',
    'The conversation does not fit into {model} even after compaction ({tokens} of {limit} tokens).',
    z.strictObject({ model: z.string(), tokens: z.int(), limit: z.int() }),
  ),
  'turn-limit-reached': entry(
    422,
    'Turn limit reached',
    'The run reached its limit of {limit} turns. Raise limits.turns of the agent, then retry the run.',
    z.strictObject({ limit: z.int() }),
  ),
  'time-limit-reached': entry(
    422,
    'Time limit reached',
    'The run reached its limit of {minutes} minutes. Raise limits.minutes of the agent, then retry the run.',
    z.strictObject({ minutes: z.number() }),
  ),
  'progress-stalled': entry(
    422,
    'No progress',
    'The run was stopped because it made no progress: {pattern} of {tool}, {count} times.',
    z.strictObject({ pattern: z.string(), tool: z.string(), count: z.int() }),
  ),
  'recovery-exhausted': entry(
    422,
    'Taken over too often',
    'The run was stopped because the processes that worked on it were lost {count} times in a row without a step forward. Find out what in the run ends them, then retry it.',
    z.strictObject({ count: z.int() }),
  ),
  'budget-exceeded': entry(
    402,
    'Budget exceeded',
    'The budget {budget} does not allow another {needed_usd} USD.',
    z.strictObject({ budget: z.string(), needed_usd: z.number() }),
  ),
  // Tools
  'tool-unknown': entry(
    422,
    'Unknown tool',
    'There is no tool "{tool}".{hint}',
    z.strictObject({ tool: z.string(), hint: z.string() }),
  ),
  'tool-arguments-invalid': entry(
    422,
    'Invalid tool arguments',
    'The arguments of {tool} are not valid: {summary}.',
    z.strictObject({ tool: z.string(), summary: z.string() }),
  ),
  'tool-failed': entry(
    422,
    'Tool failed',
    '{tool} failed: {reason}',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'tool-timed-out': entry(
    422,
    'Tool timed out',
    '{tool} did not end within {seconds} s.',
    z.strictObject({ tool: z.string(), seconds: z.number() }),
  ),
  'address-forbidden': entry(
    422,
    'Address forbidden',
    'The address {address} is not public, so it may not be fetched.',
    z.strictObject({ address: z.string() }),
  ),
  // Definitions and configuration
  'agent-file-invalid': entry(
    422,
    'Invalid agent file',
    '{file}:{line}: {reason}.{hint}',
    z.strictObject({ file: z.string(), line: z.int(), reason: z.string(), hint: z.string() }),
  ),
  'tool-file-invalid': entry(
    500,
    'Invalid tool file',
    '{file}: {reason}.{hint}',
    z.strictObject({ file: z.string(), reason: z.string(), hint: z.string() }),
  ),
  'tool-definition-invalid': entry(
    500,
    'Invalid tool',
    'The tool "{tool}" cannot be used: {reason}.',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'configuration-invalid': entry(
    500,
    'Invalid configuration',
    '{name} (from {source}) {reason}.',
    z.strictObject({ name: z.string(), source: z.string(), reason: z.string() }),
  ),
  'project-invalid': entry(
    500,
    'Invalid project',
    'The project folder {folder} cannot be used: {reason}.',
    z.strictObject({ folder: z.string(), reason: z.string() }),
  ),
  // Database
  'database-unreachable': entry(
    503,
    'Database unreachable',
    'The database at {address} cannot be reached: {reason}.',
    z.strictObject({ address: z.string(), reason: z.string() }),
  ),
  'database-too-new': entry(
    500,
    'Database is newer',
    'The database was migrated by a newer Batuta (migration {found}, this program knows {known}). Start that version, or restore the copy from before the upgrade.',
    z.strictObject({ found: z.int(), known: z.int() }),
  ),
  'database-not-migrated': entry(
    503,
    'Database not migrated',
    'The database is at migration {found}, this program needs {needed}. Run: batuta migrate.',
    z.strictObject({ found: z.int(), needed: z.int() }),
  ),
  'database-role-missing': entry(
    500,
    'Database role missing',
    'The role {role} cannot be created: {reason}. Ask an administrator of the database to run: {statement}',
    z.strictObject({ role: z.string(), reason: z.string(), statement: z.string() }),
  ),
  'postgres-not-installed': entry(
    500,
    'PostgreSQL is not installed',
    'The programs of a PostgreSQL server (initdb, postgres) were not found in {places}. Install PostgreSQL 15 or newer, for instance with: apt-get install postgresql.',
    z.strictObject({ places: z.string() }),
  ),
  'postgres-not-started': entry(
    500,
    'PostgreSQL did not start',
    'A PostgreSQL server could not be started here: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'migration-failed': entry(
    500,
    'Migration failed',
    'Migration {name} failed and was rolled back: {reason}.',
    z.strictObject({ name: z.string(), reason: z.string() }),
  ),
  'data-directory-locked': entry(
    500,
    'Data directory in use',
    'The data directory {directory} is used by process {pid} since {since}. Stop that process, or give this one another BATUTA_DATA_DIR.',
    z.strictObject({ directory: z.string(), pid: z.int(), since: z.string() }),
  ),
  // Clients
  'server-unreachable': entry(
    503,
    'Server unreachable',
    '{url} cannot be reached: {reason}.',
    z.strictObject({ url: z.string(), reason: z.string() }),
  ),
  'answer-unknown': entry(
    502,
    'Unknown answer',
    'The server answered {status} ({code}): {detail}',
    z.strictObject({ status: z.int(), code: z.string(), detail: z.string() }),
  ),
  // Inside
  'effect-conflict': entry(
    500,
    'Effect conflict',
    'The calls {calls} of run {id} cannot be {action}: one of them was settled already, or never claimed.',
    z.strictObject({ id: z.string(), calls: z.string(), action: z.string() }),
  ),
  'lease-lost': entry(500, 'Lease lost', 'Run {id} was taken over by another worker.', id),
  'event-unreadable': entry(
    500,
    'Unreadable event',
    'Event {seq} of session {session_id} ({kind} version {version}) cannot be read: {reason}.',
    z.strictObject({
      session_id: z.string(),
      seq: z.int(),
      kind: z.string(),
      version: z.int(),
      reason: z.string(),
    }),
  ),
  'transition-forbidden': entry(
    500,
    'Forbidden transition',
    'A run that is {from} cannot {cause}.',
    z.strictObject({ from: z.string(), cause: z.string() }),
  ),
  'port-in-use': entry(
    500,
    'Port in use',
    'The address {host}:{port} is in use. Stop the other program, or set BATUTA_PORT.',
    z.strictObject({ host: z.string(), port: z.int() }),
  ),
  // Test kit
  'wait-timed-out': entry(
    500,
    'Wait timed out',
    'Waited {seconds} s for {awaited}; seen so far: {seen}.',
    z.strictObject({ awaited: z.string(), seconds: z.number(), seen: z.string() }),
  ),
  'worker-process-failed': entry(
    500,
    'Worker process failed',
    'The worker process {pid} {reason}.',
    z.strictObject({ pid: z.int(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What the `data` of an error code carries. */
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorCatalogue)[C]['data']>;
