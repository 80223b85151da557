/** What can be read from whatever a provider package threw or streamed as an error. */
export interface Failure {
  status: number | undefined;
  headers: Readonly<Record<string, string>>;
  message: string;
  /** All codes and types that the provider and the network layer named, lower case, separated by spaces. */
  codes: string;
}

const deepest = 6;

/** Reads an error and its causes. */
export function readFailure(error: unknown): Failure {
  const failure: Failure = { status: undefined, headers: {}, message: '', codes: '' };
  visit(error, failure, 0);
  failure.message ||= messageOfBody(error) || 'no reason given';
  return failure;
}

/** What packages say when they have nothing to say: the cause says more. */
const emptyMessages = /^(?:Failed to process (?:successful|error) response|Invalid JSON response)$/;

/** Some packages know only one shape of error body and keep the text of any other. */
function messageOfBody(error: unknown): string {
  const body = typeof error === 'object' && error !== null ? Reflect.get(error, 'responseBody') : undefined;
  if (typeof body !== 'string') return '';
  try {
    const nested: Failure = { status: undefined, headers: {}, message: '', codes: '' };
    visit(JSON.parse(body), nested, 0);
    return nested.message;
  } catch {
    return body.slice(0, 300);
  }
}

function visit(value: unknown, failure: Failure, depth: number): void {
  if (typeof value === 'string') failure.message ||= value;
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  const fields = new Map<string, unknown>(Object.entries(value));
  if (value instanceof Error)
    fields.set('name', value.name).set('message', value.message).set('cause', value.cause);
  readFields(fields, failure);
  for (const name of ['error', 'data', 'response', 'cause']) visit(fields.get(name), failure, depth + 1);
}

function readFields(fields: ReadonlyMap<string, unknown>, failure: Failure): void {
  failure.status ??= ['statusCode', 'status', 'code'].map((name) => fields.get(name)).find(isErrorStatus);
  const headers = fields.get('responseHeaders');
  if (isStringRecord(headers)) failure.headers = headers;
  const message = fields.get('message');
  if (typeof message === 'string' && !emptyMessages.test(message)) failure.message ||= message;
  const codes = ['name', 'code', 'type', 'status'].map((name) => fields.get(name));
  failure.codes += codes.map((code) => (typeof code === 'string' ? ` ${code.toLowerCase()}` : '')).join('');
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && value >= 400 && value < 600;
}

function isStringRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}
