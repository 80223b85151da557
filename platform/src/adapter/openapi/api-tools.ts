import { BatutaError } from '@batuta/contract';
import type { ExecutableTool } from '../../port/tool.ts';
import type { ReadyCredential } from './auth/credentials.ts';
import type { Imported } from './document/import-document.ts';
import type { ApiDescription, ApiServer, LeftOut, Operation } from './document/operation.ts';
import { isHidden, makeOperationTool } from './operation-tool.ts';
import { baseAddress } from './request/base-address.ts';
import type { ApiRuntime } from './request/call-operation.ts';

/** What a document has given. */
export interface ApiTools {
  tools: readonly ExecutableTool[];
  problems: readonly BatutaError[];
}

/** Operations of one document at most; what comes after them is left out. */
const mostOperations = 20_000;
/** Problems that are told one by one. */
const mostProblems = 50;

/** Collects what the reading of a document finds, piece by piece, and makes tools of it. */
export class ToolCollector {
  readonly #api: ApiRuntime;
  readonly #address: URL | null;
  readonly #nameOf: (source: string, tool: string) => string;
  readonly #tools: ExecutableTool[] = [];
  readonly #operationIds: string[] = [];
  readonly #problems: BatutaError[] = [];
  #unnamed = 0;
  #description: ApiDescription = { title: '', version: '', servers: [], schemes: {} };
  #credentials: ReadonlyMap<string, ReadyCredential> = new Map();

  /** `address`: where the document was read; null: it is a file of the project. */
  constructor(api: ApiRuntime, address: URL | null, nameOf: (source: string, tool: string) => string) {
    this.#api = api;
    this.#address = address;
    this.#nameOf = nameOf;
  }

  take(items: readonly Imported[]): void {
    for (const item of items) {
      if (item.kind === 'description') this.#describe(item.description);
      else if (item.kind === 'operation') this.#add(item.operation);
      else this.#leaveOut(item.leftOut);
    }
  }

  result(): ApiTools {
    const { name, operations } = this.#api.settings;
    for (const pattern of Object.keys(operations)) {
      const start = pattern.split('*')[0] ?? '';
      if (this.#operationIds.some((id) => id.startsWith(start))) continue;
      this.#report(unfit(name, 'operations', `"${pattern}" fits no operation`));
    }
    if (this.#unnamed > 0) {
      this.#problems.push(unfit(name, 'document', `${this.#unnamed} further problems are not listed`));
    }
    return { tools: this.#tools, problems: this.#problems };
  }

  #describe(description: ApiDescription): void {
    const { name, auth } = this.#api.settings;
    this.#description = description;
    const ready = Object.entries(auth).map(([key, credential]): ReadyCredential => {
      const scheme = description.schemes[key] ?? null;
      const fault = schemeFault({ name: key, credential, scheme }, description);
      if (fault !== null) this.#report(unfit(name, `auth.${key}`, fault));
      return { name: key, credential, scheme };
    });
    this.#credentials = new Map(ready.map((credential) => [credential.name, credential]));
  }

  #add(operation: Operation): void {
    const { settings } = this.#api;
    this.#operationIds.push(operation.id);
    if (isHidden(operation, settings)) return;
    const name = `${operation.method.toUpperCase()} ${operation.path}`;
    const base = this.#baseOf(operation.servers.length > 0 ? operation.servers : this.#description.servers);
    if (typeof base === 'string') return this.#leaveOut({ operation: name, place: '/servers', reason: base });
    if (this.#tools.length >= mostOperations) {
      const reason = `the document has more than ${mostOperations} operations`;
      return this.#leaveOut({ operation: name, place: '/paths', reason });
    }
    this.#tools.push(
      makeOperationTool(operation, base, {
        api: this.#api,
        believesDocument: this.#address === null,
        credentials: this.#credentials,
        nameOf: this.#nameOf,
      }),
    );
  }

  /**
   * Where an operation is called. Credentials go only where a person has said: to a configured server, to those of a document of the project, or
   * to the origin that the document itself was read from. A document that changes elsewhere must not lead them away.
   */
  #baseOf(servers: readonly ApiServer[]): URL | string {
    const { server, variables, auth } = this.#api.settings;
    const base = baseAddress(servers, { document: this.#address, server, variables });
    if (typeof base === 'string' || server !== null || this.#address === null) return base;
    if (Object.keys(auth).length === 0 || base.origin === this.#address.origin) return base;
    return `the document of ${this.#address.origin} names the server ${base.origin}: credentials are sent there only when "server" says so`;
  }

  #leaveOut({ operation, place, reason }: LeftOut): void {
    const api = this.#api.settings.name;
    this.#report(new BatutaError('api-operation-left-out', { api, operation, place, reason }));
  }

  #report(problem: BatutaError): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem);
    else this.#unnamed += 1;
  }
}

function unfit(api: string, setting: string, reason: string): BatutaError {
  return new BatutaError('api-setting-unfit', { api, setting, reason });
}

/** What does not fit between a credential and the scheme that it is named after. */
function schemeFault({ credential, scheme }: ReadyCredential, { schemes }: ApiDescription): string | null {
  const names = Object.keys(schemes);
  if (scheme === null) {
    const says =
      credential.type !== 'api_key' || (credential.in !== undefined && credential.name !== undefined);
    const known =
      names.length === 0 ? 'the document has no schemes' : `the document knows ${names.join(', ')}`;
    return says || names.length === 0
      ? null
      : `the document has no such scheme (${known}); for one of your own say "in" and "name"`;
  }
  if (scheme.type === 'unsupported') return `the scheme cannot be used: ${scheme.reason}`;
  const wanted = {
    'api-key': ['api_key'],
    basic: ['basic'],
    bearer: ['bearer', 'oauth2'],
    oauth2: ['oauth2', 'bearer'],
  };
  const fits = wanted[scheme.type];
  return fits.includes(credential.type) ? null : `the scheme of the document needs type ${fits.join(' or ')}`;
}
