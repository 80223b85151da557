import type { ApiSettings } from '../adapter/openapi/api-settings.ts';
import type { ApiDeclaration } from '../domain/openapi/api-declaration.ts';
import { nameOfSourceTool } from '../domain/tool/tool-name.ts';
import type { Clock } from '../port/clock.ts';
import type { ConsentService } from '../port/consent-service.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import { makeApiConsents } from './make-api-consents.ts';
import type { ConsentParts } from './make-consents.ts';
import type { ToolSource } from '../port/tool-source.ts';

/** The APIs that batuta.yaml declares, as sources of tools. What they need is loaded only where there are any. */
export async function openapiSources(
  parts: ConsentParts & {
    projectFolder: string;
    clock: Clock;
    limiter: RateLimiter;
  },
): Promise<{ sources: ToolSource[]; consents: ConsentService[] }> {
  const { openapi } = parts.configuration;
  if (Object.keys(openapi.apis).length === 0) return { sources: [], consents: [] };
  const apis = Object.entries(openapi.apis).map(([name, declared]) =>
    settingsOf(name, declared, openapi.timeoutSeconds),
  );
  const consents = new Map(
    Object.entries(openapi.apis).flatMap(([name, declared]) => {
      const made = makeApiConsents(name, declared, parts);
      return made ? [[name, made] as const] : [];
    }),
  );
  const { makeOpenapiSources } = await import('../adapter/openapi/openapi-source.ts');
  const consentsOf = (api: string) => consents.get(api);
  const sources = makeOpenapiSources(apis, {
    ...parts,
    limits: openapi,
    nameOf: nameOfSourceTool,
    consentsOf,
  });
  return { sources, consents: [...consents.values()] };
}

function settingsOf(name: string, declared: ApiDeclaration, timeoutSeconds: number): ApiSettings {
  const {
    document,
    server = null,
    variables = {},
    auth = {},
    headers = {},
    operations = {},
    cache,
  } = declared;
  const { idempotency_header: idempotencyHeader = null, calls_per_minute: callsPerMinute = null } = declared;
  return {
    name,
    document,
    server,
    variables,
    auth,
    headers,
    operations: Object.fromEntries(
      Object.entries(operations).map(([pattern, stated]) => [pattern, statedOf(stated)]),
    ),
    stated: statedOf(declared),
    idempotencyHeader,
    callsPerMinute,
    cache,
    timeoutMs: (declared.timeout_seconds ?? timeoutSeconds) * 1000,
    refreshMs: declared.refresh_minutes * 60_000,
  };
}

/** What the settings can say of an operation, or of all of them. */
interface Told {
  read_only?: boolean | undefined;
  destructive?: boolean | undefined;
  idempotent?: boolean | undefined;
  open_world?: boolean | undefined;
  private_data?: boolean | undefined;
  untrusted?: boolean | undefined;
  hidden?: boolean | undefined;
}

/** What is not said stays unsaid, so that something else can say it. */
function statedOf(told: Told): Record<string, boolean> {
  const all = {
    readOnly: told.read_only,
    destructive: told.destructive,
    idempotent: told.idempotent,
    openWorld: told.open_world,
    privateData: told.private_data,
    untrusted: told.untrusted,
    hidden: told.hidden,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
