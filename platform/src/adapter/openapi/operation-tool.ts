import type { JsonObject, JsonValue } from '@batuta/contract';
import type { ExecutableTool, ParsedArguments, ToolAnnotations } from '../../port/tool.ts';
import type { ApiSettings } from './api-settings.ts';
import { credentialsFor, needConsent, secretsOf, type ReadyCredential } from './auth/credentials.ts';
import { withoutCredentials } from './auth/without-credentials.ts';
import { asObject } from './document/json-shape.ts';
import type { Operation, StatedAnnotations } from './document/operation.ts';
import { callOperation, type ApiRuntime, type ReadyOperation } from './request/call-operation.ts';
import { checkArguments } from './schema/check-arguments.ts';

/** What tools of an API are made with. */
export interface ToolParts {
  api: ApiRuntime;
  /** What the document states counts only where it is the project's own. */
  believesDocument: boolean;
  credentials: ReadonlyMap<string, ReadyCredential>;
  nameOf: (source: string, tool: string) => string;
}

/** The tool of an operation, and what it is called at. */
export function makeOperationTool(told: Operation, base: URL, parts: ToolParts): ExecutableTool {
  const { settings, consents } = parts.api;
  const credentials = credentialsFor(told, parts.credentials);
  const operation = withoutCredentials(told, credentials);
  const name = parts.nameOf(settings.name, operation.id);
  const header = settings.idempotencyHeader ?? operation.idempotencyHeader;
  const annotations = annotationsOf(operation, parts, header !== null);
  const isServed =
    credentials.length > 0 || operation.security.length === 0 || operation.security.some(isEmpty);
  const ready: ReadyOperation = {
    name,
    operation,
    base,
    readOnly: annotations.readOnly,
    credentials,
    missingCredentials: isServed ? [] : operation.security.map((names) => names.join(' with ')),
    idempotencyHeader: annotations.readOnly ? null : header,
  };
  const secrets = secretsOf(credentials);
  return {
    kind: 'execute',
    name,
    reference: `openapi:${settings.name}/${operation.id}`,
    description: operation.description,
    inputSchema: operation.inputSchema,
    annotations,
    timeoutMs: settings.timeoutMs,
    host: base.host,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(consents && needConsent(credentials) ? { authorization: (who) => consents.needed(who) } : {}),
    parse: (value) => parse(operation.inputSchema, value),
    execute: (input, context) => callOperation(ready, asObject(input) ?? {}, { context, api: parts.api }),
  };
}

function parse(schema: JsonObject, value: JsonValue): ParsedArguments {
  const faults = checkArguments(schema, value);
  return faults.length === 0 ? { ok: true, value } : { ok: false, summary: faults.join('; ') };
}

/** Whether an operation is left out by the settings. */
export function isHidden(operation: Operation, settings: ApiSettings): boolean {
  return statedBy(settings, operation.id).hidden === true;
}

/** The method says what an operation does; the document may say it better where it is trusted, and the settings have the last word. */
function annotationsOf(operation: Operation, parts: ToolParts, hasKey: boolean): ToolAnnotations {
  const { settings } = parts.api;
  const { method } = operation;
  const { untrusted, ...ofApi } = settings.stated;
  const { hidden: _, ...ofSettings } = statedBy(settings, operation.id);
  const stated: StatedAnnotations = {
    ...ofApi,
    ...(parts.believesDocument ? operation.stated : {}),
    ...ofSettings,
  };
  const readOnly = stated.readOnly ?? ['get', 'head', 'options', 'trace'].includes(method);
  const effect = {
    destructive: stated.destructive ?? method === 'delete',
    idempotent: stated.idempotent ?? (method === 'put' || hasKey),
  };
  return {
    readOnly,
    ...(readOnly ? { destructive: false, idempotent: true } : effect),
    openWorld: stated.openWorld ?? true,
    ...(stated.privateData === undefined ? {} : { privateData: stated.privateData }),
    ...(untrusted === undefined ? {} : { untrusted }),
  };
}

function statedBy({ operations }: ApiSettings, id: string): StatedAnnotations & { hidden?: boolean } {
  const fitting = Object.entries(operations).filter(([pattern]) => matches(pattern, id));
  return Object.assign({}, ...fitting.map(([, stated]) => stated));
}

function matches(pattern: string, id: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w-]/g, ''));
  return new RegExp(`^${parts.join('[\\w-]*')}$`).test(id);
}

function isEmpty(names: readonly string[]): boolean {
  return names.length === 0;
}
